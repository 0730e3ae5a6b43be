using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>The controls that every version is held to, each with the evidence that it rests on. Pure.</summary>
public static class Controls
{
    private const int MostCasesNamed = 5;

    public static IReadOnlyList<ControlResult> Judge(State state, Release release)
    {
        var version = state.Versions[release.Mark];
        return
        [
            Suite(version, "smoke"),
            Suite(version, "full"),
            Clean(version.Source),
            Stored(version.Artifact),
            Listed(version.Artifact?.Evidence),
            .. Audited(version.Artifact?.Evidence?.Audit),
            .. Linked(version.Artifact?.Evidence?.Source),
            .. Decider.Holding(state, release),
        ];
    }

    private static ControlResult Suite(ServiceVersion version, string suite)
    {
        var control = $"{suite}-suite-passed";
        if (version.Suites.LastOrDefault(s => s.Suite == suite) is not { } result)
            return new(control, false, $"suite {suite} has no results");
        var (passed, failed, skipped) = (result.Passed, result.Failed, result.Skipped);
        if (failed > 0)
            return new(control, false, $"{failed} of {passed + failed} cases failed: {Named(result)}");
        return passed == 0
            ? new(control, false, $"no case of suite {suite} ran ({skipped} skipped)")
            : new(control, true, $"{passed} cases passed, {skipped} skipped ({result.ResultsDigest})");
    }

    private static string Named(SuiteResult result)
    {
        var named = string.Join(", ", result.FailedCases.Take(MostCasesNamed));
        var more = result.Failed - Math.Min(result.FailedCases.Count, MostCasesNamed);
        return more > 0 ? $"{named} and {more} more" : named;
    }

    /// <summary>A build takes a commit into a checkout of its own: what was not committed is not in it.</summary>
    private static ControlResult Clean(Source source) =>
        IsObjectId(source.Commit) && IsObjectId(source.Tree)
            ? new("working-tree-clean", true, $"built from a checkout of {source.Commit} (tree {source.Tree})")
            : new("working-tree-clean", false, $"'{source.Commit}' and its tree '{source.Tree}' name no git objects");

    private static ControlResult Stored(Artifact? artifact) =>
        artifact is { Bytes: > 0 } && artifact.Digest.StartsWith("sha256:", StringComparison.Ordinal)
            ? new("artifact-stored", true, $"{artifact.Digest}, {artifact.Bytes:N0} bytes")
            : new("artifact-stored", false, "no artifact was stored");

    /// <summary>What nobody could list is named, and no reason to refuse: it is the team that has to know.</summary>
    private static ControlResult Listed(BuildEvidence? evidence)
    {
        const string control = "components-listed";
        if (evidence is null)
            return new(control, false, "it was built without a list of its components: ship it again");
        var missing = evidence.NotCovered.Count == 0 ? "" : $"; not covered: {string.Join(", ", evidence.NotCovered)}";
        return new(control, true, $"{evidence.Components} components{missing}");
    }

    /// <summary>Where the manifest asks for links: commits without one are named.</summary>
    private static IEnumerable<ControlResult> Linked(SourceSummary? source)
    {
        if (source?.Unlinked is not { } unlinked)
            yield break;
        var links = source.Requirements.Count == 0 ? "no requirement" : string.Join(", ", source.Requirements);
        var none = unlinked.Count == 0 ? "" : $"; without a link: {string.Join(", ", unlinked.Select(c => c[..12]))}";
        var unknown = source.Unknown.Count == 0 ? "" : $"; not in the file: {string.Join(", ", source.Unknown)}";
        yield return new("requirements-linked", true, $"{source.Commits} commits link to {links}{none}{unknown}");
    }

    /// <summary>Where the team has named advisories: what is known about a component refuses, or is excused.</summary>
    private static IEnumerable<ControlResult> Audited(AuditSummary? audit)
    {
        if (audit is null)
            yield break;
        var against = $"{audit.Advisories:N0} advisories ({audit.Snapshot})";
        var excused = audit.Excused.Count == 0 ? "" : $"; excused: {string.Join(", ", audit.Excused)}";
        var more = audit.Findings > audit.Open.Count ? $" and {audit.Findings - audit.Open.Count} more" : "";
        yield return audit.Findings == 0
            ? new("components-audited", true, $"nothing known among {against}{excused}")
            : new("components-audited", false, $"{string.Join(", ", audit.Open)}{more}, by {against}{excused}");
    }

    private static bool IsObjectId(string id) => id.Length is 40 or 64 && id.All(char.IsAsciiHexDigitLower);
}
