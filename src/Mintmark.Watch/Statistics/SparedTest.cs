namespace Mintmark.Watch;

/// <summary>
/// Whether an incident of the baseline spares the candidate: the evidence against "the candidate fails at least half as
/// often", as an e-value. What is no incident of both is no reason to hold the version that does without it.
/// </summary>
public static class SparedTest
{
    /// <summary>A candidate that shares it is called spared with at most this probability in a step.</summary>
    public const double FalseSpared = 0.01;

    private static readonly RatioMixture Far = new(0.5, [(0.25, 1), (0.1, 1), (0.01, 1)]);

    /// <returns>ln of the e-value.</returns>
    public static double Log(UnitCounts step) => Far.Log([step]);

    public static bool Is(UnitCounts step) => Log(step) >= -Math.Log(FalseSpared);
}
