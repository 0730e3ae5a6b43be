using System.Text.RegularExpressions;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>Reads <c>requirements</c> of a manifest.</summary>
internal static class RequirementsReader
{
    private const int MostTrailers = 10;
    private const int LongestPattern = 200;

    private static readonly Field<string> Pattern = new(
        $"a regular expression of at most {LongestPattern} characters without look-around and back-references, "
            + "such as '[A-Z]+-[0-9]+'",
        (YamlNode.Scalar s, out string value) => IsPattern(value = s.Text)
    );

    private static readonly Field<string> Trailer = new(
        "the name of a trailer, such as Refs",
        (YamlNode.Scalar s, out string value) =>
            (value = s.Text).Length is > 0 and <= 40 && value.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
    );

    public static RequirementsPlan? Read(Section root, ProblemList problems, Func<string, bool> exists)
    {
        if (root.Find("requirements") is null)
            return null;
        var section = root.Optional("requirements");
        return new RequirementsPlan(
            Committed(section, "requirements.file", problems, exists),
            section.Optional("pattern", Pattern, RequirementsPlan.DefaultPattern),
            Trailers(section, problems),
            Cases(section, problems, exists)
        );
    }

    private static CasesPlan? Cases(Section requirements, ProblemList problems, Func<string, bool> exists)
    {
        if (requirements.Find("cases") is null)
            return null;
        var section = requirements.Optional("cases");
        return new CasesPlan(
            Committed(section, "requirements.cases.file", problems, exists),
            section.Optional("names", Fields.YesOrNo, true)
        );
    }

    private static string? Committed(Section section, string path, ProblemList problems, Func<string, bool> exists)
    {
        var file = section.Optional("file", Fields.RepositoryFile!, null);
        if (file is not null && !exists(file))
            problems.Add(
                section.Find("file")!,
                path,
                $"the commit has no file '{file}'; accepted: files that are committed"
            );
        return file;
    }

    private static IReadOnlyList<string> Trailers(Section section, ProblemList problems)
    {
        var accepted = $"a list of at most {MostTrailers} names, such as [Refs, Closes]";
        if (section.Items("trailers", accepted) is not { } items)
            return RequirementsPlan.DefaultTrailers;
        if (items.Count > MostTrailers)
            problems.Add(
                items[MostTrailers].Node,
                "requirements.trailers",
                $"found {items.Count}; accepted: {accepted}"
            );
        return [.. items.Select(item => problems.Read(item.Node, item.Path, Trailer))];
    }

    private static bool IsPattern(string text)
    {
        if (text.Length is 0 or > LongestPattern)
            return false;
        try
        {
            return !new Regex(text, RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1)).IsMatch("");
        }
        catch (Exception no) when (no is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
