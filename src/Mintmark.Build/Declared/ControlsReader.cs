using System.Globalization;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>Reads what a manifest says for the gate: <c>database</c>, <c>validation</c>, <c>secrets</c>.</summary>
internal static class ControlsReader
{
    private const int MostVersions = 1_000_000_000;
    private const int MostAllowed = 100;
    private const int LongestReason = 200;

    private static readonly Field<(int From, int To)> Range = new(
        "two versions of the database with .. between them, such as 11..12",
        (YamlNode.Scalar s, out (int From, int To) value) => TryRange(s.Text, out value)
    );

    private static readonly Field<string> Kind = new(
        $"one of {string.Join(", ", SecretKinds.All)}",
        (YamlNode.Scalar s, out string value) => SecretKinds.All.Contains(value = s.Text),
        SecretKinds.All
    );

    private static readonly Field<string> Pattern = new(
        RepositoryPath.Accepted + "; * stands for anything but '/'",
        (YamlNode.Scalar s, out string value) => RepositoryPath.IsInside(value = s.Text)
    );

    private static readonly Field<string> Reason = new(
        $"why that is none, in 1 to {LongestReason} characters",
        (YamlNode.Scalar s, out string value) =>
            (value = s.Text.Trim()).Length is > 0 and <= LongestReason && !value.Any(char.IsControl)
    );

    public static DatabasePlan? Database(Section root, ProblemList problems)
    {
        if (root.Find("database") is not { } node)
            return null;
        var section = root.Required("database");
        var version = section.Required("version", Fields.Count(0, MostVersions));
        var (from, to) = section.Optional("works-with", Range, (version, version));
        if (node is YamlNode.Mapping && (version < from || version > to))
        {
            problems.Add(
                section.Find("works-with") ?? node,
                "database.works-with",
                $"{from}..{to} is without {version} itself; accepted: versions of the database with its own among them"
            );
        }
        return new DatabasePlan(version, from, to);
    }

    public static ValidationPlan? Validation(Section root, ProblemList problems, Func<string, bool> exists)
    {
        if (root.Find("validation") is null)
            return null;
        var section = root.Required("validation");
        var report = section.Required("report", Fields.RepositoryFile);
        if (report is not null && !exists(report))
            problems.Add(
                section.Find("report")!,
                "validation.report",
                $"the commit has no file '{report}'; accepted: files that are committed"
            );
        return new ValidationPlan(report!);
    }

    public static SecretsPlan? Secrets(Section root, ProblemList problems)
    {
        if (root.Find("secrets") is null)
            return null;
        var accepted = $"a list of at most {MostAllowed}, each with file, kind and reason";
        var items = root.Required("secrets").Items("allow", accepted) ?? [];
        if (items.Count > MostAllowed)
            problems.Add(items[MostAllowed].Node, "secrets.allow", $"found {items.Count}; accepted: {accepted}");
        var allowed = new List<AllowedSecret>();
        foreach (var (node, path) in items)
        {
            if (node is not YamlNode.Mapping mapping)
            {
                problems.Add(node, path, $"found {node.Describe()}; accepted: a mapping with file, kind, reason");
                continue;
            }
            var item = new Section(problems, mapping, path, "secrets.allow[]", ManifestKeys.In);
            allowed.Add(
                new(item.Required("file", Pattern), item.Required("kind", Kind), item.Required("reason", Reason))
            );
        }
        return new SecretsPlan(allowed);
    }

    private static bool TryRange(string text, out (int From, int To) range)
    {
        range = default;
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        return dots > 0
            && int.TryParse(text.AsSpan(0, dots), NumberStyles.None, CultureInfo.InvariantCulture, out range.From)
            && int.TryParse(text.AsSpan(dots + 2), NumberStyles.None, CultureInfo.InvariantCulture, out range.To)
            && range.From <= range.To
            && range.To <= MostVersions;
    }
}
