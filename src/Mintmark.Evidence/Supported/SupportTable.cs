using System.Globalization;
using System.IO.Enumeration;
using System.Security.Cryptography;
using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>A part of a version, or a program that it was built with.</summary>
/// <param name="What"><c>tool:NAME</c>, <c>os:ID</c>, or a package URL without version and qualifiers.</param>
public sealed record SupportedPart(string What, string Version)
{
    public static SupportedPart Of(Tool tool) => new($"tool:{tool.Name}", tool.Version);

    public static SupportedPart OfSystem(string id, string version) => new($"os:{id}", version);

    /// <summary>Null where the URL has no version.</summary>
    public static SupportedPart? OfPurl(string purl)
    {
        var plain = purl.Split('?', 2)[0];
        var at = plain.LastIndexOf('@');
        return at < 0 ? null : new(plain[..at], Uri.UnescapeDataString(plain[(at + 1)..]));
    }
}

/// <param name="Part">As <see cref="SupportedPart.What"/>, with its version.</param>
public sealed record PastSupport(string Product, string Cycle, string Part, DateOnly Ended)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Product} {Cycle} since {Ended:yyyy-MM-dd}");
}

/// <summary>Until when makers support what they made: a table that people can read and replace.</summary>
public sealed class SupportTable
{
    public const string FileName = "support.csv";

    private const int MostLines = 20_000;

    private static readonly string[] Names = ["product", "match", "cycle", "ended"];
    private static readonly char[] Between = ['.', '-', '+', '~'];

    private static readonly Lazy<SupportTable> OfProduct = new(ReadShipped);

    private readonly ILookup<string, Line> exact;
    private readonly List<Line> patterns;

    private SupportTable(string name, string digest, IReadOnlyList<Line> lines)
    {
        Name = name;
        Digest = digest;
        exact = lines.Where(l => !IsPattern(l)).ToLookup(l => l.Match, StringComparer.Ordinal);
        patterns = [.. lines.Where(IsPattern)];
    }

    /// <summary>The one that comes with this program.</summary>
    public static SupportTable Shipped => OfProduct.Value;

    public string Name { get; }

    public string Digest { get; }

    /// <exception cref="MaterialsException">It is no such table.</exception>
    public static SupportTable Read(string name, byte[] bytes)
    {
        var digest = $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
        var lines = new List<Line>();
        foreach (var (number, fields) in Csv.Rows(name, bytes))
        {
            if (fields[0].StartsWith('#') || (fields.Count == 1 && fields[0].Length == 0))
                continue;
            if (lines.Count == 0 && fields.SequenceEqual(Names))
                continue;
            lines.Add(LineOf(name, number, [.. fields.Select(f => f.Trim())]));
            if (lines.Count > MostLines)
                throw new MaterialsException(name, $"line {number}", $"accepted: up to {MostLines} lines");
        }
        return new SupportTable(name, digest, lines);
    }

    /// <summary>What is past its date on that day, longest first.</summary>
    public IReadOnlyList<PastSupport> Past(IEnumerable<SupportedPart> parts, DateOnly on) =>
        [
            .. parts
                .Select(part => (part, line: Find(part)))
                .Where(found => found.line is { } line && line.Ended < on)
                .Select(f => new PastSupport(
                    f.line!.Product,
                    f.line.Cycle,
                    $"{f.part.What}@{f.part.Version}",
                    f.line.Ended
                ))
                .OrderBy(p => p.Ended)
                .ThenBy(p => p.Part, StringComparer.Ordinal),
        ];

    internal SupportSummary Summary(IEnumerable<SupportedPart> parts, DateTimeOffset at) =>
        new(Digest, [.. Past(parts, DayOf(at)).Select(p => $"{p}").Distinct().Take(SupportSummary.MostNamed)]);

    public static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    /// <summary>Of several cycles that fit, the one that says most.</summary>
    private Line? Find(SupportedPart part)
    {
        var version = PartsOf(part.Version[(part.Version.IndexOf(':', StringComparison.Ordinal) + 1)..]);
        return exact[part.What]
            .Concat(patterns.Where(l => FileSystemName.MatchesSimpleExpression(l.Match, part.What, ignoreCase: false)))
            .Where(l => version.Take(l.Parts.Length).SequenceEqual(l.Parts))
            .MaxBy(l => l.Parts.Length);
    }

    private static Line LineOf(string name, int number, string[] fields)
    {
        if (fields.Length != Names.Length)
            throw new MaterialsException(
                name,
                $"line {number}",
                $"it has {fields.Length} fields; accepted: {string.Join(',', Names)}"
            );
        if (
            fields[0].Length == 0
            || !(
                fields[1].StartsWith("tool:", StringComparison.Ordinal)
                || fields[1].StartsWith("os:", StringComparison.Ordinal)
                || fields[1].StartsWith("pkg:", StringComparison.Ordinal)
            )
        )
            throw new MaterialsException(
                name,
                $"line {number}",
                "accepted: a product, then tool:NAME, os:ID or a package URL without version"
            );
        return DateOnly.TryParseExact(fields[3], "yyyy-MM-dd", out var ended)
            ? new Line(fields[0], fields[1], fields[2], PartsOf(fields[2]), ended)
            : throw new MaterialsException(name, $"line {number}", "accepted: an end such as 2026-11-10");
    }

    private static string[] PartsOf(string version) => version.Split(Between, StringSplitOptions.RemoveEmptyEntries);

    private static bool IsPattern(Line line) => line.Match.Contains('*', StringComparison.Ordinal);

    private static SupportTable ReadShipped()
    {
        using var stream = typeof(SupportTable).Assembly.GetManifestResourceStream(FileName)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return Read(FileName, bytes.ToArray());
    }

    private sealed record Line(string Product, string Match, string Cycle, string[] Parts, DateOnly Ended);
}
