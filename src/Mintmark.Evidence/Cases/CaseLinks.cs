using System.Text.RegularExpressions;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>Why a case is said to verify a requirement.</summary>
/// <param name="By">annotation, name or file.</param>
public sealed record CaseLink(string Requirement, string By);

/// <summary>
/// What a case verifies: what its results say of it, ids in its name, and the file that the manifest names.
/// </summary>
internal sealed class CaseLinks
{
    private const int Most = 50;

    private readonly Regex? pattern;
    private readonly CaseMap? map;
    private readonly bool names;
    private readonly IReadOnlyDictionary<string, string>? titles;

    /// <exception cref="MaterialsException">The file of cases is damaged.</exception>
    public CaseLinks(SourceLinks links, RequirementsPlan? plan)
    {
        pattern = plan is null ? null : new Regex(plan.Pattern, RegexOptions.NonBacktracking, TimeSpan.FromSeconds(1));
        names = plan?.Cases?.Names ?? true;
        titles = links.Titles;
        if (plan?.Cases?.File is { } file && links.Facts.CasesFile is { } bytes)
            map = CaseMap.Read(file, bytes);
    }

    public IReadOnlyList<CaseLink> Of(RanCase one) =>
        [
            .. one
                .Verifies.Concat(one.Labels.Where(IsWhole))
                .Select(id => new CaseLink(id, "annotation"))
                .Concat((map?.Of(one.Id) ?? []).Select(id => new CaseLink(id, "file")))
                .Concat(InName(one.Id).Select(id => new CaseLink(id, "name")))
                .DistinctBy(link => link.Requirement)
                .Take(Most)
                .OrderBy(link => link.Requirement, StringComparer.Ordinal),
        ];

    /// <summary>
    /// Names of tests can have no dash in most languages, so <c>_</c> stands for it. Where there is a file of
    /// requirements, ids that it does not have are words of another kind, such as SHA-256.
    /// </summary>
    private IEnumerable<string> InName(string id) =>
        pattern is null || !names
            ? []
            : pattern
                .Matches(id.Replace('_', '-'))
                .Select(m => m.Value)
                .Where(found => titles is null || titles.ContainsKey(RequirementsFile.Key(found)));

    private bool IsWhole(string label) => pattern?.Match(label) is { Success: true } m && m.Length == label.Length;
}
