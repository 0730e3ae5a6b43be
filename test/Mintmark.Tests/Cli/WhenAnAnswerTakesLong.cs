using System.Net;
using Mintmark.Cli;
using Mintmark.Evidence;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenAnAnswerTakesLong
{
    [Fact]
    public void WhatTheControlPlaneLimitsItselfIsNotCutBefore()
    {
        Assert.True(ApiClient.LimitOf("/api/advisories/fetch") > MirrorLimits.Usual.Limit);
        Assert.True(ApiClient.LimitOf("/api/ship") > ApiClient.LimitOf("/api/status"));
        Assert.True(ApiClient.LimitOf("/api/gateway/replace") > ApiClient.LimitOf("/api/status"));
    }

    [Fact]
    public void TheLimitIsNamed()
    {
        var late = new ControlPlaneAwayException(
            new IPEndPoint(IPAddress.Loopback, 7400),
            new SlowException(ApiClient.LimitOf("/api/ship"))
        );

        Assert.Equal("the control plane at 127.0.0.1:7400 has not answered within 300 s", late.Message);
    }
}
