using System.Text.RegularExpressions;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>Which requirements a version's commits link to: by their subject lines and by trailers.</summary>
/// <param name="Commits">Each commit with the ids in it.</param>
/// <param name="Titles">Of every id that the requirements file has; null where there is no such file.</param>
public sealed record SourceLinks(
    SourceFacts Facts,
    IReadOnlyList<(string Commit, IReadOnlyList<string> Ids)> Commits,
    IReadOnlyDictionary<string, string>? Titles,
    bool Asked
)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public IReadOnlyList<string> Ids => [.. Commits.SelectMany(c => c.Ids).Distinct().Order(StringComparer.Ordinal)];

    public IEnumerable<string> Unknown =>
        Titles is { } known ? Ids.Where(id => !known.ContainsKey(RequirementsFile.Key(id))) : [];

    public IEnumerable<string> Unlinked => Commits.Where(c => c.Ids.Count == 0).Select(c => c.Commit);

    /// <exception cref="MaterialsException">The requirements file makes no sense.</exception>
    public static SourceLinks Of(SourceFacts facts, RequirementsPlan? plan)
    {
        if (plan is null)
            return new SourceLinks(facts, [.. facts.Commits.Select(c => (c.Commit, Nothing()))], null, Asked: false);
        // Without backtracking: the pattern and what it is held against both come from the repository.
        var pattern = new Regex(plan.Pattern, RegexOptions.NonBacktracking, Patience);
        var titles =
            plan.File is { } file && facts.RequirementsFile is { } bytes ? RequirementsFile.Read(file, bytes) : null;
        return new SourceLinks(
            facts,
            [.. facts.Commits.Select(c => (c.Commit, IdsIn(c.Message, pattern, plan.Trailers)))],
            titles,
            Asked: true
        );
    }

    public SourceSummary Summary() =>
        new(
            Facts.Signature.State,
            Commits.Count,
            [.. Ids.Take(SourceSummary.MostNamed)],
            [.. Unknown.Take(SourceSummary.MostNamed)],
            Asked ? [.. Unlinked.Take(SourceSummary.MostNamed)] : null
        );

    private static IReadOnlyList<string> Nothing() => [];

    private static IReadOnlyList<string> IdsIn(string message, Regex pattern, IReadOnlyList<string> trailers)
    {
        var lines = message.Trim().ReplaceLineEndings("\n").Split('\n');
        var last = Array.LastIndexOf(lines, "") + 1;
        var linking = lines
            .Skip(Math.Max(last, 1))
            .Where(line => trailers.Any(t => line.StartsWith($"{t}:", StringComparison.OrdinalIgnoreCase)))
            .Prepend(lines[0]);
        return
        [
            .. linking
                .SelectMany(line => pattern.Matches(line))
                .Select(m => m.Value)
                .Where(id => id.Length is > 0 and <= 100)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }
}
