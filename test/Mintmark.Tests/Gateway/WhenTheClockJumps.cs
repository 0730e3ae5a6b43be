using Mintmark.Gateway;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>Windows are told the time, which only grows; threads that were held up bring an older one.</summary>
public sealed class WhenTheClockJumps
{
    static readonly Mark Mark = Mark.Parse("bank-1");

    [Fact]
    public void WhatComesLateIsCountedInTheWindowThatIs()
    {
        var latency = new LatencyWindow();
        var past = new OutcomeWindow([]);
        const long Now = 10_000_000;
        latency.Record(10, Now);
        past.Record(error: true, 0, Now);
        latency.Record(20, Now - 8_000);
        past.Record(error: true, 0, Now - 960_000);

        Assert.Equal(2, latency.Report(Mark, Now).Requests);
        Assert.Equal(2, past.Report(Mark, Now).Requests);
    }

    [Fact]
    public void AfterALongSleepThePastIsForgotten()
    {
        var past = new OutcomeWindow(["late"]);
        past.Record(error: true, signalled: 1, now: 5);

        Assert.Equal(1, past.Report(Mark, now: 900_000).Bad["signal.late"]);
        Assert.Equal(0, past.Report(Mark, now: 960_000).Requests);
        Assert.Equal(0, past.Report(Mark, now: long.MaxValue / 2).Requests);
    }

    [Fact]
    public void ASliceUsedAgainHoldsNothingOfItsPast()
    {
        var past = new OutcomeWindow([]);
        past.Record(error: true, 0, now: 0);
        past.Record(error: false, 0, now: 960_000);

        var report = past.Report(Mark, now: 960_000);
        Assert.Equal((1, 0), (report.Requests, report.Bad["errors"]));
    }
}
