using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Server;

public sealed class WhenLimitsKeepRequestsOut
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ItIsSaidUntilHalfAMinuteAfterTheLast()
    {
        var troubles = new Troubles();
        var refusals = new Refusals(troubles);
        RefusedReport[] some = [new(new ServiceName("bank"), 1, 2, 3)];
        RefusedReport[] more = [new(new ServiceName("bank"), 1, 2, 4)];

        refusals.Hear("run-1", [], Start);
        Assert.Empty(troubles.Present);
        refusals.Hear("run-1", some, Start);
        refusals.Hear("run-1", more, Start.AddSeconds(20));
        refusals.Hear("run-1", more, Start.AddSeconds(40));

        var said = Assert.Single(troubles.Present);
        Assert.Equal("bank surge", said.Key);
        Assert.Contains("1 beyond a client's rate, 2 beyond the service's, 4 as", said.Value, StringComparison.Ordinal);
        refusals.Hear("run-1", more, Start.AddSeconds(51));
        Assert.Empty(troubles.Present);
    }

    [Fact]
    public void WhatSeveralGatewaysRefusedIsOneSum()
    {
        var troubles = new Troubles();
        var refusals = new Refusals(troubles);

        refusals.Hear("run-1", [new(new ServiceName("bank"), 1, 0, 0)], Start);
        refusals.Hear("run-2", [new(new ServiceName("bank"), 10, 0, 0)], Start);
        refusals.Hear("run-1", [new(new ServiceName("bank"), 2, 0, 0)], Start.AddSeconds(20));
        refusals.Hear("run-2", [new(new ServiceName("bank"), 10, 0, 0)], Start.AddSeconds(40));

        Assert.Contains("12 beyond a client's rate", Assert.Single(troubles.Present).Value, StringComparison.Ordinal);
    }
}
