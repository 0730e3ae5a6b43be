namespace Mintmark.Watch;

/// <summary>
/// The randomised two-arm e-process for a candidate that fails often, where good units speak as well.
/// <para>
/// For rates θ_b of the baseline and θ_c of the candidate, and θ̄ = wθ_c + (1-w)θ_b, a bad unit counts θ_arm/θ̄ and a
/// good one (1-θ_arm)/(1-θ̄). Given its outcome, a unit of a candidate that is no worse falls on it with probability w
/// (if bad, at most; if good, at least), so each factor is 1 in expectation, or less: whatever the true rates are and
/// do, for any θ that were fixed before the step. Thus θ_b is the baseline's past rate, and a wrong one costs power
/// only.
/// </para>
/// </summary>
internal static class Outright
{
    private const double UnknownPast = 0.001;
    private const double LeastPast = 0.000_1;
    private const double MostPast = 0.2;

    /// <returns>ln of the e-value against a candidate that fails with rate <paramref name="alternative"/>.</returns>
    public static double Log(ReadOnlySpan<UnitCounts> steps, double alternative)
    {
        var sum = 0.0;
        foreach (ref readonly var step in steps)
        {
            if (!step.IsContested)
                continue;
            var w = step.Share.Fraction;
            // NaN is no rate either.
            var past = step.PastRate is >= 0 and var known ? Math.Clamp(known, LeastPast, MostPast) : UnknownPast;
            var mean = w * alternative + (1 - w) * past;
            sum +=
                step.CandidateBad * Math.Log(alternative / mean)
                + step.BaselineBad * Math.Log(past / mean)
                + step.CandidateGood * Math.Log((1 - alternative) / (1 - mean))
                + step.BaselineGood * Math.Log((1 - past) / (1 - mean));
        }
        return sum;
    }
}
