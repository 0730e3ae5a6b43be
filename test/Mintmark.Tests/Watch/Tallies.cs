using Mintmark.Releases;

namespace Mintmark.Tests.Watch;

internal static class Tallies
{
    public static readonly RolloutPlan Plan = new([new(new Share(500), 100)], 0.001m, 2m, 600);

    public static StepTally Errors(int basisPoints, long baseline, long candidate) =>
        new(new Share(basisPoints), new(0, baseline, baseline, 0, 0), new(0, candidate, candidate, 0, 0));

    public static StepTally Slow(int basisPoints, long baseline, long candidate) =>
        new(new Share(basisPoints), new(0, 0, 0, baseline, baseline), new(0, 0, 0, candidate, candidate));
}
