using System.Globalization;
using System.Text.Json;

namespace Mintmark.Evidence;

/// <summary>
/// Reads one advisory. What is withdrawn, or of ecosystems whose order is not known here, is passed over.
/// </summary>
internal static class AdvisoryReader
{
    public const int MostAffected = 2_000;
    private const int LongestSummary = 200;

    /// <returns>Null where nothing in it can be matched here.</returns>
    /// <exception cref="MaterialsException">It is no OSV advisory.</exception>
    public static Advisory? Read(string file, ReadOnlySpan<byte> bytes) =>
        QuickAdvisory.TryRead(bytes, out var advisory) ? advisory : ReadAny(file, bytes);

    /// <summary>The general reader, which says what is wrong where it is none.</summary>
    internal static Advisory? ReadAny(string file, ReadOnlySpan<byte> bytes)
    {
        var root = Json.Parse(file, bytes);
        var id = root.Require("id").Word();
        if (root.Find("withdrawn") is not null)
            return null;
        var affected = (root.Find("affected")?.Items() ?? []).Take(MostAffected).Select(Of).OfType<Affected>().ToList();
        return affected.Count == 0
            ? null
            : new Advisory(
                id,
                [.. (root.Find("aliases")?.Items() ?? []).Select(a => a.Word())],
                Short(root.Find("summary")?.Text() ?? ""),
                Time(root.Find("published") ?? root.Require("modified")),
                affected,
                Rated(root, Severity.Unknown)
            );
    }

    private static Affected? Of(Json affected)
    {
        // An entry may be about a range of commits alone, which no package version is held against.
        if (affected.Find("package") is not { } package)
            return null;
        var ecosystem = package.Require("ecosystem").Text().Split(':')[0];
        if (VersionOrder.Of(ecosystem) is not { } order)
            return null;
        return new Affected(
            ecosystem,
            PackageKey.Normal(ecosystem, package.Require("name").Text()),
            (affected.Find("versions")?.Items() ?? []).Select(v => v.Text()).ToHashSet(StringComparer.Ordinal),
            [
                .. (affected.Find("ranges")?.Items() ?? [])
                    .Where(r => r.Require("type").Text() is "SEMVER" or "ECOSYSTEM")
                    .Select(r => InOrder([.. r.Require("events").Items().SelectMany(EventsOf)], order)),
            ],
            Rated(affected, Severity.Unknown)
        );
    }

    /// <summary>Stable, so that of two events at one version the one that was written first comes first.</summary>
    internal static AffectedRange InOrder(List<RangeEvent> events, Comparison<string> order)
    {
        for (var i = 1; i < events.Count; i++)
            if (Compare(events[i - 1], events[i], order) > 0)
                return new([.. events.Order(Comparer<RangeEvent>.Create((a, b) => Compare(a, b, order)))]);
        return new(events);
    }

    private static Severity Rated(Json of, Severity severity)
    {
        foreach (var score in of.Find("severity")?.Items() ?? [])
            if (score.RequireObject().Find("score") is { } text)
                severity = severity.WithScore(text.Text());
        foreach (var own in (string[])["database_specific", "ecosystem_specific"])
            if (of.Find(own)?.Find("severity") is { Element.ValueKind: JsonValueKind.String } word)
                severity = severity.WithWord(word.Text());
        return severity;
    }

    private static int Compare(RangeEvent a, RangeEvent b, Comparison<string> order)
    {
        var (first, second) = (IsBeginning(a), IsBeginning(b));
        if (first || second)
            return second.CompareTo(first);
        var by = order(a.At, b.At);
        return by != 0 ? by : a.Kind.CompareTo(b.Kind);
    }

    private static bool IsBeginning(RangeEvent e) =>
        e.Kind == RangeEventKind.Introduced && e.At == VersionOrder.Beginning;

    private static IEnumerable<RangeEvent> EventsOf(Json e) =>
        e.Members()
            .Where(m => m.Name is "introduced" or "fixed" or "last_affected")
            .Select(m => new RangeEvent(
                m.Name switch
                {
                    "introduced" => RangeEventKind.Introduced,
                    "fixed" => RangeEventKind.Fixed,
                    _ => RangeEventKind.LastAffected,
                },
                m.Value.Text()
            ));

    private static DateTimeOffset Time(Json time) =>
        DateTimeOffset.TryParse(
            time.Text(),
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var at
        )
            ? at
            : throw time.Wrong("accepted: a time such as 2026-03-02T10:11:15Z");

    internal static string Short(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= LongestSummary ? line : line[..(LongestSummary - 1)] + "…";
    }
}
