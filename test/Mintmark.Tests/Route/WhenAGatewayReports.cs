using Mintmark.Releases;
using Mintmark.Route;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using Story = Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Route;

public sealed class WhenAGatewayReports
{
    private static readonly State Ramped = Story.Given([.. InService(1), .. Ramping(2, 1)]);
    private static readonly Mark Serving = Mark(1);

    [Fact]
    public void CountsAreNewsOnceWithTheNumberOfTheReport()
    {
        var news = Assert.Single(Reports.News(Ramped, Report(7, 40), due: true));
        Assert.Equal(("gateway/1", 7, 40), (news.Gateway, news.Sequence, news.Candidate.Requests));

        Assert.Empty(Reports.News(Story.After(Ramped, news), Report(7, 40), due: true));
    }

    [Fact]
    public void ALateReportOrCountersThatWentBackAreNone()
    {
        var known = Story.After(Ramped, Reports.News(Ramped, Report(7, 40), due: true));

        Assert.Empty(Reports.News(known, Report(6, 39), due: true));
        Assert.Empty(Reports.News(known, Report(8, 12), due: true));
    }

    [Fact]
    public void ARunOfItsOwnIsNewsBesideTheOld()
    {
        var known = Story.After(Ramped, Reports.News(Ramped, Report(7, 40), due: true));
        var both = Story.After(known, Reports.News(known, Report(1, 2, "gateway/1b"), due: true));

        Assert.Equal(42, both.Releases[Release(2)].Steps[0].Total().Candidate.Requests);
    }

    [Fact]
    public void CountsThatComeAfterThePromotionAreKept()
    {
        var promoted = Story.Given([.. InService(1), .. Guarding(2, 1)]);

        var news = Assert.Single(Reports.News(promoted, Report(9, 40), due: true));
        var known = Story.After(promoted, news);

        Assert.Equal(40, known.Releases[Release(2)].Steps[0].Total().Candidate.Requests);
        Assert.Empty(Reports.News(Story.After(promoted, GuardEnded(2)), Report(9, 40), due: true));
    }

    [Theory]
    [InlineData("errors", true)]
    [InlineData("signal.declined", true)]
    [InlineData("slow-p50", false)]
    [InlineData("slow-p99.9", false)]
    public void WhatIsBadIsToldAtOnceButForSlowness(string indicator, bool atOnce) =>
        Assert.Equal(atOnce, Reports.News(Ramped, Report(1, 5, bad: indicator), due: false).Any());

    [Fact]
    public void QuantilesAreKnownFromEnoughRequestsBeyondThem()
    {
        var few = Latency(299, 9);
        var some = Latency(300, 5);
        var many = Latency(3_000, 4);

        Assert.Equal(ByName<long>.Empty, Pasts.Quantiles([few], Serving));
        Assert.Equal(3, Pasts.Quantiles([some], Serving).Count);
        Assert.Equal(ByName.Of<long>(Slowest(4)), Pasts.Quantiles([many], Serving));
        Assert.Equal(5, Pasts.Quantiles([many, some], Serving)["slow-p99"]);
        Assert.Equal(ByName<long>.Empty, Pasts.Quantiles([many], Mark(2)));
    }

    [Fact]
    public void RatesAreThoseOfAllGatewaysAndNeverZero()
    {
        var few = Past(299, 3);
        var calm = Past(10_000, 0);

        Assert.Equal(ByName<decimal>.Empty, Pasts.Rates([few], Serving));
        Assert.Equal(0.00005m, Pasts.Rates([calm], Serving)["errors"]);
        Assert.Equal(0.00034m, Pasts.Rates([few, calm], Serving)["errors"]);
    }

    private static GatewayReport Report(long sequence, long requests, string run = "gateway/1", string? bad = null)
    {
        var candidate = bad is null ? ArmTally.Of(requests, 0) : ArmTally.Of(requests, 0, (bad, 1));
        return new(run, sequence, 1, [new(Release(2), 0, ArmTally.None, candidate, false)], [], [], [], []);
    }

    private static GatewayReport Latency(long requests, long microseconds) =>
        new("gateway/1", 1, 1, [], [], [new(Serving, requests, ByName.Of<long>(Slowest(microseconds)))], [], []);

    private static GatewayReport Past(long requests, long errors) =>
        new("gateway/1", 1, 1, [], [], [], [new(Serving, requests, ByName.Of<long>(("errors", errors)))], []);

    private static (string, long)[] Slowest(long microseconds) =>
        [.. Indicators.Slow.Select(s => (s.Name, microseconds))];
}
