using Mintmark.Releases;

namespace Mintmark.Ship;

/// <summary>The recent past of a version, by the gateways; what is not known well enough is not there.</summary>
/// <param name="Quantiles">Latencies in µs by indicator of slowness.</param>
/// <param name="Rates">Rates by indicator, of errors and signals.</param>
public sealed record Past(ByName<long> Quantiles, ByName<decimal> Rates)
{
    public static readonly Past Unknown = new(ByName<long>.Empty, ByName<decimal>.Empty);

    /// <summary>
    /// Slow is what takes longer than the tolerated ratio times a quantile of the baseline: the manifest says how much
    /// worse is worse, and a fresh instance that is a little slower for its first minute is not.
    /// </summary>
    public ByName<long> Thresholds(decimal ratio) =>
        ByName.Of<long>([.. Quantiles.Select(q => (q.Key, (long)decimal.Min(q.Value * ratio, long.MaxValue)))]);

    /// <summary>
    /// How often these thresholds were passed is not counted before the step. At most it is what lies beyond the
    /// greatest quantile below the threshold: an upper guess, which costs the judge a little speed and no soundness.
    /// </summary>
    public ByName<decimal> RatesBeyond(ByName<long> thresholds) =>
        Rates + ByName.Of<decimal>([.. thresholds.Select(t => (t.Key, Beyond(t.Value)))]);

    private decimal Beyond(long threshold) =>
        Indicators.Slow.Where(s => Quantiles.Find(s.Name) <= threshold).Min(s => 1 - s.Quantile);
}
