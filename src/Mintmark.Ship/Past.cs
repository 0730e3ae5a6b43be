using Mintmark.Releases;

namespace Mintmark.Ship;

/// <summary>The recent past of a version, by the gateways; what is not known well enough is not there.</summary>
/// <param name="Quantiles">Latencies in µs by indicator of slowness.</param>
/// <param name="Rates">Rates by indicator, of errors and signals.</param>
public sealed record Past(ByName<long> Quantiles, ByName<decimal> Rates)
{
    public static readonly Past Unknown = new(ByName<long>.Empty, ByName<decimal>.Empty);

    /// <summary>
    /// Slow is what takes longer than the tolerated ratio times a quantile of the baseline, and longer than it by more
    /// than the tolerated delay: the manifest says how much worse is worse. A fresh instance that is a little slower
    /// for its first minute is not, nor one at two milliseconds where nobody minds the second (decision 54).
    /// </summary>
    public ByName<long> Thresholds(RolloutPlan rollout)
    {
        var delay = 1000m * (rollout.ToleratedDelayMilliseconds ?? 0);
        return ByName.Of<long>([.. Quantiles.Select(q => (q.Key, Beyond(q.Value, rollout.ToleratedRatio, delay)))]);
    }

    private static long Beyond(long quantile, decimal ratio, decimal delay) =>
        (long)decimal.Min(decimal.Max(quantile * ratio, quantile + delay), long.MaxValue);

    /// <summary>
    /// How often these thresholds were passed is not counted before the step. At most it is what lies beyond the
    /// greatest quantile below the threshold: an upper guess, which costs the judge a little speed and no soundness.
    /// </summary>
    public ByName<decimal> RatesBeyond(ByName<long> thresholds) =>
        Rates + ByName.Of<decimal>([.. thresholds.Select(t => (t.Key, Beyond(t.Value)))]);

    private decimal Beyond(long threshold) =>
        Indicators.Slow.Where(s => Quantiles.Find(s.Name) <= threshold).Min(s => 1 - s.Quantile);
}
