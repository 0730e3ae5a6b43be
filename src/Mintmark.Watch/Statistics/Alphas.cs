using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>
/// How a release's false-rollback probability α is split: by Boole's inequality no more than the sum can be spent, be
/// the indicators as dependent as they like. An indicator with a tenth of α needs ln 10 more evidence, a fourth more
/// than the 9.2 nats of α = 1e-4, so errors get nearly all of it: they find the worst versions, and find them first.
/// </summary>
public static class Alphas
{
    /// <summary>Of α, what errors may spend.</summary>
    public const double Errors = 0.91;

    /// <summary>Latency indicators of every release: p50, p90, p99, p99.9.</summary>
    public const int Latencies = 4;

    /// <param name="count">Of indicators, errors among them.</param>
    public static double Of(string indicator, int count) =>
        indicator == Indicators.Errors ? Errors : OfOther(count - 1);

    /// <param name="others">How many indicators there are beside errors.</param>
    /// <returns>Of α, what each of them may spend.</returns>
    public static double OfOther(int others) => (1 - Errors) / Math.Max(1, others);
}
