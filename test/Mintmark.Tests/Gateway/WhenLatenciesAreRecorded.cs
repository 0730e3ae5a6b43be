using FsCheck;
using FsCheck.Fluent;
using Mintmark.Gateway;
using Mintmark.Releases;
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
    public void WhatIsOlderThanTheWindowIsForgotten()
    {
        var window = new LatencyWindow();
        window.Record(1_000_000, now: 0);
        window.Record(100, now: 5_000);

        Assert.Equal(2, window.Report(Mark, now: 7_999).Requests);
        Assert.Equal(1, window.Report(Mark, now: 8_000).Requests);
        Assert.InRange(window.Report(Mark, now: 8_000).Microseconds["slow-p99"], 100, 103);
        Assert.Equal(0, window.Report(Mark, now: 60_000).Requests);
    }

    [Fact]
    public void ASliceUsedAgainHoldsNothingOfItsPast()
    {
        var window = new LatencyWindow();
        window.Record(1_000_000, now: 0);
        window.Record(10, now: 8_000);

        var report = window.Report(Mark, now: 8_000);

        Assert.Equal(1, report.Requests);
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
}
