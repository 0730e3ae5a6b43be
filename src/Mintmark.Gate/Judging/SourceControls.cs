using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>Controls of what the commits are about, and of the cases that show it.</summary>
internal static class SourceControls
{
    private const int ShortCommit = 12;

    public static Found Linked(Subject subject)
    {
        if (subject.Source is not { } source)
            return Found.Missing("a look at its commits");
        if (source.Unlinked is not { } unlinked)
            return Found.No(
                "mint.yaml does not ask for links to requirements",
                "add requirements: {} to mint.yaml (docs/mint-yaml.md)"
            );
        var links = source.Requirements.Count == 0 ? "no requirement" : string.Join(", ", source.Requirements);
        var none = unlinked.Count == 0 ? "" : $"; without a link: {string.Join(", ", unlinked.Select(Short))}";
        var unknown = source.Unknown.Count == 0 ? "" : $"; not in the file: {string.Join(", ", source.Unknown)}";
        var reason = $"{source.Commits} commits link to {links}{none}{unknown}";
        return unlinked.Count == 0 && source.Unknown.Count == 0
            ? Found.Yes(reason)
            : Found.No(reason, "name a requirement in each commit's subject or trailers, and each in the file");
    }

    public static Found Verified(Subject subject) =>
        subject.Evidence?.Cases switch
        {
            null => Found.Missing("a catalogue of its test cases"),
            { Unverified.Count: 0 } => Found.Yes("each requirement that it links to is verified by a case"),
            { } cases => Found.No(
                $"verified by no case: {string.Join(", ", cases.Unverified)}",
                "name them in test cases that pass (docs/evidence.md)"
            ),
        };

    public static Found CasesPresent(Subject subject) =>
        subject.Evidence?.Cases switch
        {
            null => Found.Missing("a catalogue of its test cases"),
            { Missing.Count: 0 } cases => Found.Yes($"{cases.Cases} cases, and none is missing"),
            { } cases => Found.No(
                $"missing: {string.Join(", ", cases.Missing)}",
                "bring them back, or have a person retire them (docs/evidence.md)"
            ),
        };

    /// <summary>
    /// Where both versions say what database they are written for: the newer one says which older ones still work on
    /// it.
    /// </summary>
    public static Found RollbackTarget(Subject subject)
    {
        if (subject.State.Find(subject.Release.Service)?.Serving is not { } serving || serving == subject.Version.Mark)
            return Found.Yes("nothing serves yet: there is nothing to go back to");
        var target = subject.State.Versions[serving];
        if (target.Artifact is not { Bytes: > 0 } artifact)
            return Found.No($"{serving} serves and its artifact is not kept");
        var there = $"{serving} ({artifact.Digest}) can be gone back to";
        return (subject.Version.Manifest.Database, target.Manifest.Database) switch
        {
            (_, null) => Found.Yes($"{there}; it declares no database"),
            (null, { } old) => Found.No(
                $"{serving} declares database {old.Version}, and this version none",
                "declare database in mint.yaml (docs/mint-yaml.md)"
            ),
            ({ } now, { } old) => Compatible(now, old, serving, there),
        };
    }

    private static Found Compatible(DatabasePlan now, DatabasePlan old, Mark serving, string there)
    {
        var (newer, older) = now.Version >= old.Version ? (now, old) : (old, now);
        return newer.WorksWith(older.Version)
            ? Found.Yes($"{there}: written for database {old.Version}, which works on {now.Version}")
            : Found.No(
                $"database {newer.Version} works with {newer.From} to {newer.To} only, and {serving} is written for "
                    + $"{old.Version}: it could not be gone back to",
                "change the database in two releases, the first of which works with both"
            );
    }

    private static string Short(string commit) => commit[..Math.Min(ShortCommit, commit.Length)];
}
