using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Tallies;

namespace Mintmark.Tests.Watch;

public sealed class WhenTheCandidateIsTolerable(ITestOutputHelper output)
{
    [Theory]
    [InlineData(500, 2)]
    [InlineData(2_500, 2)]
    [InlineData(5_000, 2)]
    [InlineData(5_000, 10)]
    public void ErrorsOnBothArmsShowItInTheEnd(int share, int tolerated)
    {
        var plan = Plan with { ToleratedRatio = tolerated };
        var w = share / 10_000.0;
        var limit = w * tolerated / (w * tolerated + 1 - w);
        var information = w * Math.Log(w / limit) + (1 - w) * Math.Log((1 - w) / (1 - limit));
        var fewest = Math.Log(20) / information;

        var needed = Enumerable.Range(1, 60).Average(seed => UnitsNeeded(seed, share, w, plan));

        output.WriteLine($"share {w:P0}, tolerated {tolerated}: limit {fewest:0} units, needed {needed:0}");
        Assert.InRange(needed, fewest, 2.2 * fewest);
    }

    [Fact]
    public void ACandidateAtTheToleratedRatioSeldomPasses()
    {
        const double AtTheLimit = 0.25 * 2 / (0.25 * 2 + 0.75);
        var passed = Enumerable
            .Range(1, 1_000)
            .Count(seed =>
            {
                var traffic = new Traffic(seed, [2_500], Plan);
                for (var unit = 0; unit < 300; unit++)
                {
                    traffic.Count(traffic.Chance(AtTheLimit), error: true, slow: true);
                    if (traffic.Evidence.Tolerable)
                        return true;
                }
                return false;
            });

        output.WriteLine($"{passed} of 1000 intolerable candidates passed");
        Assert.True(Binomial.Tail(1_000, passed, 0.05) > 0.001, $"{passed} passed");
        Assert.NotEqual(0, passed);
    }

    [Fact]
    public void GoodErrorRatesDoNotMakeUpForUnknownLatency()
    {
        var evidence = Judge.Weigh([Errors(5_000, 4_000, 4_000)], Plan);

        Assert.Equal(0, evidence.LogTolerable, 12);
        Assert.False(evidence.Tolerable);
    }

    private static double UnitsNeeded(int seed, int share, double onCandidate, RolloutPlan plan)
    {
        var traffic = new Traffic(seed, [share], plan);
        for (var units = 1; ; units++)
        {
            traffic.Count(traffic.Chance(onCandidate), error: true, slow: true);
            if (traffic.Evidence.Tolerable)
                return units;
        }
    }
}
