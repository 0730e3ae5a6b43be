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

    public static RolloutPlan Of(string? profile)
    {
        var plan = profile switch
        {
            "cryptocurrency" or "automated-trading" or "voting" => Irrevocable,
            "valuation" or "credit-scoring" => Computes,
            _ => MovesMoney,
        };
        return plan with
        {
            WithoutEvidence = WithoutEvidenceOf(profile),
            PatienceSeconds = 3600,
            Holdback = HoldbackOf(profile),
            ToleratedDelayMilliseconds = ToleratedDelayOf(profile),
            WarmUpSeconds = 10,
        };
    }

    /// <summary>
    /// Two versions that count votes, or that value one book, must not answer side by side for longer than the ramp:
    /// who asks twice has to get one answer. Elsewhere a comparison that goes on is worth a few old answers.
    /// </summary>
    private static Share HoldbackOf(string? profile) => new(profile is "voting" or "valuation" ? 0 : 500);

    /// <summary>
    /// Where requests come all day, evidence comes if one waits. Where they come in bursts, such as on election days or
    /// at the month's end, nobody but a person knows whether to wait for the next.
    /// </summary>
    private static WithoutEvidence WithoutEvidenceOf(string? profile) =>
        profile is "voting" or "valuation" or "credit-scoring" ? WithoutEvidence.Ask : WithoutEvidence.Wait;

    /// <summary>A person sees no difference in the time of a frame or two; a program that trades does.</summary>
    private static long ToleratedDelayOf(string? profile) =>
        profile is "automated-trading" or "cryptocurrency" ? 1 : 25;

    private static StepPlan Step(int basisPoints, int requests) => new(new Share(basisPoints), requests);
}
