using Mintmark.Gateway;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAHaltIsLiftedAgain
{
    [Fact]
    public void WhatItCutOffStillKnowsWhy()
    {
        var target = new LiveTarget(Mark.Parse("bank-1"), new Target(new(1), 8_000), InFlight.Cut, frequency: 1_000);
        var before = target.Cutting;

        Assert.True(target.Halt("a drill"));
        target.CutOff();
        target.Halt(null);

        Assert.Equal("a drill", before.Reason);
        Assert.True(before.Token.IsCancellationRequested);
        Assert.Null(target.Cut);
        Assert.False(target.Cutting.Token.IsCancellationRequested);
    }

    [Fact]
    public void WhatGoesOnIsNotCutOff()
    {
        var target = new LiveTarget(Mark.Parse("bank-1"), new Target(new(1), 8_000), InFlight.Drain, frequency: 1_000);

        Assert.False(target.Halt("a drill"));

        Assert.Equal("a drill", target.Refusing);
        Assert.Null(target.Cutting.Reason);
        Assert.False(target.Cutting.Token.IsCancellationRequested);
    }
}
