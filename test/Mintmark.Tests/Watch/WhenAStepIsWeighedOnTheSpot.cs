using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;

namespace Mintmark.Tests.Watch;

public sealed class WhenAStepIsWeighedOnTheSpot
{
    private static readonly IReadOnlyList<string> Names = Indicators.Of(["declined"]);
    private static readonly RolloutPlan Plan = Tallies.Plan with { Assignment = Assignment.Request };

    [Fact]
    public void ItIsTheJudgesNumberToTheBit()
    {
        var random = new Random(5);
        for (var i = 0; i < 300; i++)
        {
            StepTally[] steps = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Any(random))];
            var (past, now) = (steps[..^1], steps[^1]);
            var judge = new StepJudge(past, now.Share, now.PastRates!, Plan, Names);

            var evidence = judge.Weigh(Bad(now.Baseline), now.Baseline.Units, Bad(now.Candidate), now.Candidate.Units);

            var whole = Judge.Weigh(steps, Plan, ["declined"]);
            Assert.Equal(Bits(whole.LogWorse), Bits(evidence.LogWorse));
            Assert.Equal((whole.Threshold, whole.Worse), (evidence.Threshold, evidence.Worse));
        }
    }

    [Fact]
    public void NothingIsAllocated()
    {
        StepTally[] steps = [Any(new Random(1)), Any(new Random(2)), Any(new Random(3))];
        var judge = new StepJudge(steps[..2], steps[2].Share, steps[2].PastRates!, Plan, Names);
        var (baseline, candidate) = (Bad(steps[2].Baseline), Bad(steps[2].Candidate));

        // Other tests beside this one may have the tables that all share made anew, once.
        Assert.Contains(0, Enumerable.Range(0, 5).Select(_ => AllocatedByAHundred()));

        long AllocatedByAHundred()
        {
            judge.Weigh(baseline, 0, candidate, 0);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
                judge.Weigh(baseline, 0, candidate, 0);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Theory]
    [InlineData(7, true)]
    [InlineData(4.8, false)]
    public void NearIsWithinTwoNats(double log, bool near) => Assert.Equal(near, new StepEvidence(log, 6.9).IsNear);

    private static StepTally Any(Random random)
    {
        int[] shares = [0, 100, 500, 2_500, 5_000, Share.Whole];
        var rates = ByName.Of<decimal>(("errors", random.Next(100) / 1_000m), ("slow-p90", 0.1m));
        return new StepTally(new Share(shares[random.Next(shares.Length)]), Arm(random), Arm(random))
        {
            PastRates = rates,
        };
    }

    private static ArmTally Arm(Random random)
    {
        var most = 1 << random.Next(12);
        var bad = Names.Select(name => (name, (long)random.Next(most))).ToArray();
        return new(5_000, random.Next(5_000), random.Next(most), ByName.Of<long>(bad), ByName<decimal>.Empty);
    }

    private static long[] Bad(ArmTally arm) => [.. Names.Select(name => arm.Bad[name])];

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
