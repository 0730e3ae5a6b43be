namespace Mintmark.Releases;

/// <summary>A yes or no that is counted for each unit, by name.</summary>
public static class Indicators
{
    /// <summary>Answered with 5xx, or not at all.</summary>
    public const string Errors = "errors";

    public const string SignalPrefix = "signal.";

    /// <summary>Signals that a manifest may declare: what is counted fits into the bits of one small number.</summary>
    public const int MostSignals = 10;

    /// <summary>
    /// Slower than the step's threshold for a quantile, which is the tolerated ratio times that quantile of the
    /// baseline's past.
    /// </summary>
    public static readonly IReadOnlyList<Slowness> Slow =
    [
        new("slow-p50", 0.5m),
        new("slow-p90", 0.9m),
        new("slow-p99", 0.99m),
        new("slow-p99.9", 0.999m),
    ];

    public static bool IsSlow(string name) => name.StartsWith("slow-", StringComparison.Ordinal);

    public static string Signal(string name) => SignalPrefix + name;

    /// <summary>Errors, the four of <see cref="Slow"/>, the signals: all that is judged, in a fixed order.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> signals) =>
        [Errors, .. Slow.Select(s => s.Name), .. signals.Select(Signal)];

    /// <summary>
    /// Of a release: a signal is judged where both versions declare it. A version that does not declare it does not
    /// send it either, and says nothing about how often it happens.
    /// </summary>
    public static IReadOnlyList<string> Of(State state, Release release) => Of(Signals(state, release));

    /// <summary>The signals of these, by the name that the manifest declares.</summary>
    public static IReadOnlyList<string> Signals(State state, Release release)
    {
        var declared = state.Versions[release.Mark].Manifest.Signals ?? [];
        var known = release.Baseline is { } baseline ? state.Versions[baseline].Manifest.Signals ?? [] : [];
        return [.. declared.Intersect(known, StringComparer.Ordinal)];
    }
}

/// <param name="Quantile">0.99 is the 99th percentile.</param>
public sealed record Slowness(string Name, decimal Quantile);
