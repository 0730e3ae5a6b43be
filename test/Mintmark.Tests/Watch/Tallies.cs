using Mintmark.Releases;

namespace Mintmark.Tests.Watch;

internal static class Tallies
{
    public static readonly RolloutPlan Plan = new([new(new Share(500), 100)], 0.001m, 2m, 600);

    public static StepTally Errors(int basisPoints, long baseline, long candidate) =>
        new(
            new Share(basisPoints),
            ArmTally.Of(0, baseline, ("errors", baseline)),
            ArmTally.Of(0, candidate, ("errors", candidate))
        );

    public static StepTally Slow(int basisPoints, long baseline, long candidate) =>
        new(
            new Share(basisPoints),
            ArmTally.Of(0, 0, ("slow-p99", baseline)),
            ArmTally.Of(0, 0, ("slow-p99", candidate))
        );
}
