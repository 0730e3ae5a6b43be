using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>How many more candidate requests a verdict takes, at today's rate of bad units.</summary>
public static class Prospect
{
    /// <summary>What the tests here take, in the mean, of what the best test for one known alternative would.</summary>
    private const double OfTheLimit = 1.2;

    /// <param name="share">The candidate's in the step in force.</param>
    /// <param name="badPerRequest">The baseline's rate, of bad units by request.</param>
    /// <returns>Until a candidate as good as the baseline is seen to be tolerable; null where it never is: with no bad
    /// units, or at a share of 0 or 1, the arms cannot be compared.</returns>
    public static double? UntilTolerable(
        ReadOnlySpan<UnitCounts> steps,
        Share share,
        double toleratedRatio,
        double badPerRequest
    )
    {
        var w = share.Fraction;
        if (w is <= 0 or >= 1 || !(badPerRequest > 0) || toleratedRatio <= 1)
            return null;
        var missing = -Math.Log(TolerableTest.FalseTolerable) - TolerableTest.Log(steps, toleratedRatio);
        var byBadUnit = Divergence(w, w * toleratedRatio / (1 + w * (toleratedRatio - 1)));
        return Math.Max(0, missing) / byBadUnit * w / badPerRequest;
    }

    /// <returns>Until the judge sees, from nothing, a candidate that fails <paramref name="ratio"/> times as often;
    /// null where it never does.</returns>
    public static double? UntilSeen(Share share, double alpha, double ratio, double badPerRequest)
    {
        var limit = Limit(share.Fraction, alpha, badPerRequest, Math.Min(1, ratio * badPerRequest));
        return double.IsFinite(limit) ? OfTheLimit * limit : null;
    }

    /// <summary>
    /// Candidate requests that any test needs, in the mean, which is wrong with probability α at most (Wald, Lorden):
    /// w ln(1/α) / (w KL(p₁‖p̄) + (1-w) KL(p₀‖p̄)), where p̄ = w p₁ + (1-w) p₀.
    /// </summary>
    public static double Limit(double w, double alpha, double baselineRate, double candidateRate)
    {
        var mean = w * candidateRate + (1 - w) * baselineRate;
        var byRequest = w * Divergence(candidateRate, mean) + (1 - w) * Divergence(baselineRate, mean);
        return byRequest > 0 ? w * -Math.Log(alpha) / byRequest : double.PositiveInfinity;
    }

    /// <summary>Kullback-Leibler, of two coins, in nats.</summary>
    private static double Divergence(double p, double q) => Term(p, q) + Term(1 - p, 1 - q);

    private static double Term(double p, double q) => p > 0 ? p * Math.Log(p / q) : 0;
}
