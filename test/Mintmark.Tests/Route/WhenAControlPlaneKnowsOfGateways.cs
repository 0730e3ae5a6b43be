using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Route;

public sealed class WhenAControlPlaneKnowsOfGateways
{
    static readonly RouteTable Table = new(7, null, []);

    [Fact]
    public void WhatAllThatAnswerHaveIsInForce()
    {
        Assert.Equal(7, Contact.InForceOf([Has("a", 9), Has("b", 7)]));
        Assert.Equal(9, Contact.InForceOf([Has("a", 9), Contact.None]));
        Assert.Equal(-1, Contact.InForceOf([Contact.None]));
        Assert.Equal(-1, Contact.InForceOf([Has("a", 9), Contact.None.Hear(Report("b"))]));
    }

    [Fact]
    public void NothingIsWhileOneThatTookAnotherOnesPlaceHasNotBeenMet()
    {
        var awaited = Contact.None with { IsAwaited = true };

        Assert.Equal(-1, Contact.InForceOf([Has("a", 9), awaited]));
        Assert.Equal(9, Contact.InForceOf([Has("a", 9), awaited.Hear(Report("b")).Took("b", Table, 9)]));
    }

    [Fact]
    public void AnotherRunHasTakenNothing()
    {
        var has = Has("a", 9);

        Assert.Equal(9, has.Hear(Report("a")).InForce);
        Assert.Equal((-1, null), (has.Hear(Report("b")).InForce, has.Hear(Report("b")).Table));
        Assert.Equal(-1, has.Hear(Report("b")).Took("a", Table, 9).InForce);
    }

    [Fact]
    public void WhichTableItHasIsNotKnownUntilItAnswers()
    {
        var telling = Has("a", 9).Telling();

        Assert.Null(telling.Table);
        Assert.False(telling.IsDrained(new InstanceId(1)));
        Assert.True(telling.Took("a", Table, 10).IsDrained(new InstanceId(1)));
    }

    static Contact Has(string run, long size) => Contact.None.Hear(Report(run)).Took(run, Table, size);

    static GatewayReport Report(string run) => new(run, 1, 7, [], [], [], [], []);
}
