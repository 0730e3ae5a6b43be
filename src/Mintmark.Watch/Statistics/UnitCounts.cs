using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>Units of one indicator in one step, by arm.</summary>
/// <param name="BaselineGood">0 where units are clients, who count from their first bad event only.</param>
/// <param name="CandidateGood">As the baseline's.</param>
/// <param name="PastRate">The baseline's rate of bad units before the step; null where nobody knows. A wrong one costs
/// time to a verdict and never its truth.</param>
public readonly record struct UnitCounts(
    Share Share,
    long BaselineBad,
    long CandidateBad,
    long BaselineGood,
    long CandidateGood,
    double? PastRate = null
)
{
    public double Bad => (double)BaselineBad + CandidateBad;

    public double Units => Bad + BaselineGood + CandidateGood;

    /// <summary>Where one arm has all traffic, where a unit falls says nothing.</summary>
    public bool IsContested => Share.BasisPoints is > 0 and < Share.Whole;
}
