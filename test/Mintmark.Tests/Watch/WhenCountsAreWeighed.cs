using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Tallies;

namespace Mintmark.Tests.Watch;

public sealed class WhenCountsAreWeighed
{
    [Fact]
    public void SlownessWeighsAsErrorsDoWithAQuarterOfTheirAlphaForEachQuantile()
    {
        var slow = Judge.Weigh([Slow(500, 3, 4)], Plan).LogWorseOf("slow-p99");
        var errors = Judge.Weigh([Errors(500, 3, 4)], Plan).LogWorseOf("errors");

        // Having less of α, slowness pays more for its part.
        Assert.InRange(errors - slow, 2, 5);
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

        Assert.Equal(Judge.Weigh([few], Plan).LogWorse, Judge.Weigh([many], Plan).LogWorse);
    }

    [Fact]
    public void AReplayGivesTheSameBits()
    {
        StepTally[] steps = [Errors(500, 17, 3), Slow(2_500, 190, 80), Errors(5_000, 12, 14)];

        var first = Judge.Weigh(steps, Plan);
        var again = Judge.Weigh([.. steps], Plan with { Steps = [] });

        Assert.Equal(BitConverter.DoubleToInt64Bits(first.LogWorse), BitConverter.DoubleToInt64Bits(again.LogWorse));
        Assert.Equal(first.Indicators, again.Indicators);
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
