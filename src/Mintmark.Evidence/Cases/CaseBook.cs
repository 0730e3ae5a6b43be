using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>
/// Every test case of a service as its full suites had them: this version's results, and what became of each before.
/// A version's book is made of the one before it, so each has the whole story in one file.
/// </summary>
/// <param name="Before">Digest of the book that this one goes on from; null for the first.</param>
/// <param name="Versions">Newest first, this one among them, at most <see cref="Remembered"/>.</param>
/// <param name="Cases">By id.</param>
/// <param name="Requirements">By id: of the requirements' file, of commits, and of the cases.</param>
public sealed record CaseBook(
    Mark Mark,
    string? Before,
    IReadOnlyList<BookVersion> Versions,
    IReadOnlyList<BookCase> Cases,
    IReadOnlyList<BookRequirement> Requirements
)
{
    public const string FileName = "cases.json";
    public const int Remembered = 20;

    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
        NewLine = "\n",
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new UtcConverter() },
    };

    public byte[] ToJson() => [.. JsonSerializer.SerializeToUtf8Bytes(this, Form), (byte)'\n'];

    /// <exception cref="MaterialsException">It is no such book.</exception>
    public static CaseBook Read(string file, byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<CaseBook>(bytes, Form)
                ?? throw new MaterialsException(file, "as a whole", "it is empty");
        }
        catch (JsonException wrong)
        {
            throw new MaterialsException(
                file,
                wrong.LineNumber is { } line ? $"line {line + 1}" : "as a whole",
                "it is no book of test cases"
            );
        }
    }

    /// <param name="served">Whether a version has ever been in service: its cases are managed from then on.</param>
    /// <returns>Null where the full suite left no results that could be read: a smoke suite never stands in.</returns>
    internal static CaseBook? Next(
        BuiltVersion version,
        SourceLinks links,
        (CaseBook Book, string Digest)? before,
        Func<Mark, bool> served
    )
    {
        if (version.Ran?.FirstOrDefault(r => r.Suite == "full") is not { } full)
            return null;
        var linked = new CaseLinks(links, version.Manifest.Requirements);
        var smoke = version.Ran.Where(r => r.Suite == "smoke").SelectMany(r => r.Cases).ToDictionary(c => c.Id);
        var past = before?.Book.Versions.Where(v => v.Mark != version.Mark).Take(Remembered - 1).ToList() ?? [];
        var cases = new SortedDictionary<string, BookCase>(StringComparer.Ordinal);
        foreach (var old in before?.Book.Cases ?? [])
            if (old.Without(past.Count, before!.Value.Book, served) is { } kept)
                cases[old.Id] = kept;
        var at = new BookVersion(version.Mark, version.Source.Tree, version.Artifact.BuiltAt);
        foreach (var ran in full.Cases)
            cases[ran.Id] = BookCase.With(cases.GetValueOrDefault(ran.Id), ran, linked.Of(ran), at, past.Count);
        foreach (var ran in smoke.Values)
            cases[ran.Id] = BookCase.InSmoke(cases.GetValueOrDefault(ran.Id), ran, at, past.Count);
        IReadOnlyList<BookVersion> versions = [at, .. past];
        return new CaseBook(
            version.Mark,
            before?.Digest,
            versions,
            [.. cases.Values.Select(c => c with { Flaky = FlakyCases.Of(c.Results, versions) })],
            Known(links, cases.Values)
        );
    }

    /// <summary>What the log has of it.</summary>
    /// <param name="retired">By case.</param>
    internal CasesSummary Summary(IReadOnlyDictionary<string, Retirement>? retired) =>
        new(
            Cases.Count(c => c.InFull),
            [.. Cases.Where(c => c.IsMissing(retired)).Take(CasesSummary.MostNamed).Select(c => Short(c.Id))],
            [
                .. Cases
                    .Where(c => c.InFull && c.Flaky is not null)
                    .Take(CasesSummary.MostNamed)
                    .Select(c => Short(c.Id)),
            ],
            [.. Unverified().Take(CasesSummary.MostNamed)]
        );

    /// <summary>Requirements that no case of this version's full suite verifies, those of its commits first.</summary>
    public IEnumerable<string> Unverified()
    {
        var verified = Cases
            .Where(c => c.InFull && c.Results[0] != BookCase.Skipped)
            .SelectMany(c => c.Verifies)
            .Select(link => RequirementsFile.Key(link.Requirement))
            .ToHashSet(StringComparer.Ordinal);
        return Requirements
            .Where(r => (r.Known != false || r.Linked) && !verified.Contains(r.Id))
            .OrderByDescending(r => r.Linked)
            .Select(r => r.Id);
    }

    private static List<BookRequirement> Known(SourceLinks links, IEnumerable<BookCase> cases)
    {
        var commits = links.Ids.Select(RequirementsFile.Key).ToHashSet(StringComparer.Ordinal);
        var ids = new SortedSet<string>(links.Titles?.Keys ?? [], StringComparer.Ordinal);
        ids.UnionWith(commits);
        ids.UnionWith(cases.SelectMany(c => c.Verifies).Select(v => RequirementsFile.Key(v.Requirement)));
        return
        [
            .. ids.Select(id => new BookRequirement(
                id,
                links.Titles?.GetValueOrDefault(id) is { Length: > 0 } title ? title : null,
                links.Titles is null ? null : links.Titles.ContainsKey(id),
                commits.Contains(id)
            )),
        ];
    }

    private static string Short(string id) => id.Length <= 200 ? id : id[..199] + "…";
}

public sealed record BookVersion(Mark Mark, string Tree, DateTimeOffset BuiltAt);

/// <param name="Known">Whether the requirements' file has it; null where there is no such file.</param>
/// <param name="Linked">Whether a commit of this version links to it.</param>
public sealed record BookRequirement(string Id, string? Title, bool? Known, bool Linked);
