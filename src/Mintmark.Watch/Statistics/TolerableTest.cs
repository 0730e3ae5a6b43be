using System.Collections.Concurrent;

namespace Mintmark.Watch;

/// <summary>
/// The evidence of one indicator against "the candidate's rate is at least the tolerated ratio times the baseline's",
/// as an e-value: what lets a step up. Most weight is on a candidate as good as the baseline, which most are.
/// </summary>
public static class TolerableTest
{
    /// <summary>A candidate that is not tolerable is called so with at most this probability.</summary>
    public const double FalseTolerable = 0.05;

    private static readonly ConcurrentDictionary<double, RatioMixture> Mixtures = new();

    /// <returns>ln of the e-value; the candidate is tolerable from -ln <see cref="FalseTolerable"/> on.</returns>
    public static double Log(ReadOnlySpan<UnitCounts> steps, double toleratedRatio) =>
        Mixtures.GetOrAdd(toleratedRatio, Below).Log(steps);

    private static RatioMixture Below(double tolerated) =>
        new(tolerated, [(Math.Sqrt(tolerated), 1), (1, 6), (0.5, 1), (0.1, 1), (0.01, 1)]);
}
