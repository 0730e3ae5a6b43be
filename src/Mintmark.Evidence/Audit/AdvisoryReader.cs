using System.Globalization;

namespace Mintmark.Evidence;

/// <summary>
/// Reads one advisory. What is withdrawn, or of ecosystems whose order is not known here, is passed over.
/// </summary>
internal static class AdvisoryReader
{
    private const int MostAffected = 2_000;
    private const int LongestSummary = 200;

    /// <returns>Null where nothing in it can be matched here.</returns>
    /// <exception cref="MaterialsException">It is no OSV advisory.</exception>
    public static Advisory? Read(string file, byte[] bytes)
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
                affected
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
                    .Select(r => Range(r, order)),
            ]
        );
    }

    private static AffectedRange Range(Json range, Comparison<string> order)
    {
        var events = range.Require("events").Items().SelectMany(EventsOf).ToList();
        // Stable, so that of two events at one version the one that was written first comes first.
        return new AffectedRange([.. events.Order(Comparer<RangeEvent>.Create((a, b) => Compare(a, b, order)))]);
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

    private static string Short(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= LongestSummary ? line : line[..(LongestSummary - 1)] + "…";
    }
}
