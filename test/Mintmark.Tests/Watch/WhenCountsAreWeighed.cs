using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Tallies;

namespace Mintmark.Tests.Watch;

public sealed class WhenCountsAreWeighed
{
    /// <summary>The formula once more, unit by unit and without logarithms.</summary>
    [Fact]
    public void TheResultIsTheProductOverUnitsOfLikelihoodRatios()
    {
        double[] ratios = [1.3, 1.6, 2, 3, 5, 10, 30, 100, 1_000, 10_000];
        double[] weights = [1, 1, 1, 1, 1, 1, 1, 2, 2, 4];
        (double Share, bool Candidate)[] units =
        [
            (0.05, true),
            (0.05, false),
            (0.05, true),
            (0.25, false),
            (0.25, true),
            (0.5, false),
        ];
        var expected = 0.0;
        for (var k = 0; k < ratios.Length; k++)
        {
            var product = weights[k] / weights.Sum();
            foreach (var (w, candidate) in units)
            {
                var q = w * ratios[k] / (w * ratios[k] + 1 - w);
                product *= candidate ? q / w : (1 - q) / (1 - w);
            }
            expected += product;
        }

        var evidence = Judge.Weigh([Errors(500, 1, 2), Errors(2_500, 1, 1), Errors(5_000, 1, 0)], Plan);

        Assert.Equal(Math.Log(expected), evidence.LogWorseErrors, 10);
        Assert.Equal(Math.Max(Math.Log(expected), 0), evidence.LogWorse, 10);
    }

    [Fact]
    public void SlownessWeighsAsErrorsDoWithAQuarterOfTheirAlphaForEachQuantile()
    {
        var slow = Judge.Weigh([Slow(500, 3, 4)], Plan);
        var errors = Judge.Weigh([Errors(500, 3, 4)], Plan);

        Assert.Equal(errors.LogWorseErrors - Math.Log(Indicators.Slow.Count), slow.LogWorseSlow);
    }

    [Fact]
    public void SuccessesAndRepeatedErrorsOfOneUnitDoNotCount()
    {
        var few = new StepTally(new Share(500), ArmTally.Of(10, 4, ("errors", 4)), ArmTally.Of(10, 2, ("errors", 2)));
        var many = new StepTally(
            new Share(500),
            ArmTally.Of(9_000, 700, ("errors", 4)),
            ArmTally.Of(90, 30, ("errors", 2))
        );

        Assert.Equal(Judge.Weigh([few], Plan), Judge.Weigh([many], Plan));
    }

    [Fact]
    public void AReplayGivesTheSameBits()
    {
        StepTally[] steps = [Errors(500, 17, 3), Slow(2_500, 190, 80), Errors(5_000, 12, 14)];

        var first = Judge.Weigh(steps, Plan);
        var again = Judge.Weigh([.. steps], Plan with { Steps = [] });

        Assert.Equal(BitConverter.DoubleToInt64Bits(first.LogWorse), BitConverter.DoubleToInt64Bits(again.LogWorse));
        Assert.Equal(first, again);
    }

    [Fact]
    public void AShareSpeaksAsLoudlyHoweverItsStepsAreCut()
    {
        var whole = Judge.Weigh([Errors(500, 7, 3)], Plan);
        var cut = Judge.Weigh([Errors(500, 3, 1), Errors(500, 0, 0), Errors(500, 4, 2)], Plan);

        Assert.Equal(whole.LogWorse, cut.LogWorse, 10);
    }

    [Theory]
    [InlineData(1, 1_000_000_000_000L, 1_000_000_000_000L)]
    [InlineData(9_999, 0, 4_000_000_000_000_000L)]
    [InlineData(5_000, 4_000_000_000_000_000L, 0)]
    public void HugeCountsStayFinite(int share, long baseline, long candidate)
    {
        var evidence = Judge.Weigh([Errors(share, baseline, candidate), Slow(share, baseline, candidate)], Plan);

        Assert.True(double.IsFinite(evidence.LogWorse), $"{evidence}");
        Assert.True(double.IsFinite(evidence.LogTolerable), $"{evidence}");
    }
}
