using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;

namespace Mintmark.Tests.Watch.Statistics;

public sealed class WhenCountsAreStrange
{
    private const double Alpha = 0.000_1;

    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    public void AStepThatServesOneArmSaysNothing(int share)
    {
        UnitCounts[] steps = [new(new Share(share), 1_000, 70, 5, 1_000_000)];

        Assert.Equal(0, WorseTest.Log(steps, Alpha));
        Assert.Equal(0, TolerableTest.Log(steps, 2), 12);
        Assert.Null(Prospect.UntilTolerable(steps, new Share(share), 2, 0.001));
        Assert.Null(Prospect.UntilSeen(new Share(share), Alpha, 2, 0.001));
    }

    [Fact]
    public void NothingCountedSaysNothing()
    {
        Assert.Equal(0, WorseTest.Log([], Alpha));
        Assert.Equal(0, WorseTest.Log([new(new Share(500), 0, 0, 0, 0)], Alpha), 12);
        Assert.Equal(0, SharedIncident.Log(0, 0, 0), 12);
        Assert.Equal(double.NegativeInfinity, Detector.Start(0).Log);
    }

    [Theory]
    [InlineData(1, 1_000_000_000_000L, 1_000_000_000_000L)]
    [InlineData(9_999, 0, 4_000_000_000_000_000L)]
    [InlineData(5_000, 4_000_000_000_000_000L, 0)]
    [InlineData(100, long.MaxValue / 4, long.MaxValue / 4)]
    public void HugeCountsAreNumbers(int share, long baseline, long candidate)
    {
        UnitCounts[] steps = [new(new Share(share), baseline, candidate, candidate, baseline, 0.5)];

        Assert.True(double.IsFinite(WorseTest.Log(steps, Alpha)));
        Assert.True(double.IsFinite(TolerableTest.Log(steps, 2)));
        Assert.False(double.IsNaN(SharedIncident.Log(baseline, candidate, 0.5)));
        Assert.False(double.IsNaN(Detector.Start(0.001).Next(baseline, candidate).Next(candidate, baseline).Log));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData(1)]
    [InlineData(7)]
    public void NoPastRateMakesEvidenceOutOfNothing(double past)
    {
        UnitCounts[] steps = [new(new Share(500), 3, 1, 400, 10, past)];

        Assert.InRange(WorseTest.Log(steps, Alpha), -10, 3);
        Assert.False(SharedIncident.Is(0, 10, past));
    }

    [Fact]
    public void CountersThatGoBackwardsAreNoBatch()
    {
        var detector = Detector.Start(0.01).Next(1, 10);

        Assert.Equal(detector.Log, detector.Next(-1, 5).Log);
        Assert.Equal(detector.Log, detector.Next(5, -1).Log);
    }
}
