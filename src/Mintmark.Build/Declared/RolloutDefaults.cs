using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>How traffic moves where a manifest does not say: the less can be undone, the smaller the steps.</summary>
internal static class RolloutDefaults
{
    private static readonly RolloutPlan Irrevocable = new(
        [Step(100, 1000), Step(500, 2000), Step(2000, 5000), Step(5000, 10_000)],
        FalseRollback: 0.0001m,
        ToleratedRatio: 1.5m,
        GuardSeconds: 3600
    );

    private static readonly RolloutPlan MovesMoney = new(
        [Step(100, 500), Step(500, 1000), Step(2500, 2500), Step(5000, 5000)],
        FalseRollback: 0.0001m,
        ToleratedRatio: 2m,
        GuardSeconds: 1800
    );

    private static readonly RolloutPlan Computes = new(
        [Step(500, 500), Step(2500, 1000), Step(5000, 2000)],
        FalseRollback: 0.001m,
        ToleratedRatio: 2m,
        GuardSeconds: 600
    );

    public static RolloutPlan Of(string? profile) =>
        profile switch
        {
            "cryptocurrency" or "automated-trading" or "voting" => Irrevocable,
            "valuation" or "credit-scoring" => Computes,
            _ => MovesMoney,
        };

    private static StepPlan Step(int basisPoints, int requests) => new(new Share(basisPoints), requests);
}
