using FsCheck;
using FsCheck.Fluent;
using Mintmark.Gateway;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenLatenciesAreRecorded
{
    static readonly Mark Mark = Mark.Parse("bank-1");

    [Fact]
    public void EveryValueFallsIntoABucketNoWiderThanA32ndOfIt() =>
        Prop.ForAll<ulong>(any =>
            {
                var value = (long)(any % (1UL << 36));
                var bucket = LatencyWindow.Bucket(value);
                var top = LatencyWindow.Top(bucket);
                return value <= top
                    && top - value <= value / 32
                    && (bucket == 0 || LatencyWindow.Top(bucket - 1) < value);
            })
            .QuickCheckThrowOnFailure();

    [Fact]
    public void ThePercentileIsThatOfTheWindow()
    {
        var window = new LatencyWindow();
        for (var i = 1; i <= 1_000; i++)
            window.Record(i * 100, now: 10_000);

        var report = window.Report(Mark, now: 10_000);

        Assert.Equal(1_000, report.Requests);
        Assert.InRange(report.Microseconds["slow-p99"], 99_000, 99_000 * 33 / 32);
    }

    [Fact]
    public void ABusyVersionsPastIsForgottenAfterEightSeconds()
    {
        var window = new LatencyWindow();
        Record(window, 300, 1_000_000, now: 0);
        Record(window, 300, 100, now: 5_000);

        Assert.Equal(600, window.Report(Mark, now: 7_999).Requests);
        Assert.Equal(300, window.Report(Mark, now: 8_000).Requests);
        Assert.InRange(window.Report(Mark, now: 8_000).Microseconds["slow-p99"], 100, 103);
    }

    [Fact]
    public void ThirtyRequestsASecondTellQuantilesAfterAMinute()
    {
        var window = new LatencyWindow();
        for (var i = 0; i < 1_800; i++)
            window.Record(1_000, now: i * 1_000 / 30);

        var report = window.Report(Mark, now: 60_000);
        var told = Pasts.Quantiles([new GatewayReport("gateway/1", 1, 1, [], [], [report], [], [])], Mark);

        Assert.Equal(1_800, report.Requests);
        Assert.Equal(["slow-p50", "slow-p90", "slow-p99"], told.Select(t => t.Key));
        Assert.All(told, t => Assert.InRange(t.Value, 1_000, 1_031));
    }

    [Fact]
    public void NothingIsKnownForLongerThanFourMinutes()
    {
        var window = new LatencyWindow();
        window.Record(1_000_000, now: 59_999);
        window.Record(10, now: 120_000);

        Assert.Equal(2, window.Report(Mark, now: 239_999).Requests);
        Assert.Equal(1, window.Report(Mark, now: 240_000).Requests);
        Assert.Equal(10, window.Report(Mark, now: 240_000).Microseconds["slow-p99"]);
        Assert.Equal(0, window.Report(Mark, now: 360_000).Requests);
    }

    [Theory]
    [InlineData(300, 8_000)]
    [InlineData(1, 240_000)]
    public void ASliceUsedAgainHoldsNothingOfItsPast(int requests, int later)
    {
        var window = new LatencyWindow();
        Record(window, requests, 1_000_000, now: 0);
        Record(window, requests, 10, later);

        var report = window.Report(Mark, later);

        Assert.Equal(requests, report.Requests);
        Assert.Equal(10, report.Microseconds["slow-p99"]);
    }

    [Fact]
    public async Task NoneIsLostWhereManyRecordAtOnce()
    {
        var window = new LatencyWindow();
        var counts = new ArmCounts(["errors", "slow-p99"]);

        await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(() =>
                    {
                        for (var i = 0; i < 50_000; i++)
                        {
                            window.Record(i, now: i / 10);
                            counts.Add(unit: true, error: true, bad: 0b11, probe: false);
                        }
                    })
                )
        );

        Assert.Equal(200_000, window.Report(Mark, now: 5_000).Requests);
        Assert.Equal(
            ArmTally.Of(200_000, 200_000, ("errors", 200_000), ("slow-p99", 200_000)) with
            {
                Units = 200_000,
            },
            counts.Sum()
        );
    }

    private static void Record(LatencyWindow window, int requests, long microseconds, long now)
    {
        for (var i = 0; i < requests; i++)
            window.Record(microseconds, now);
    }
}
