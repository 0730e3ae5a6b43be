using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenAPortIsChosen : IDisposable
{
    readonly TestHome home = new();

    public void Dispose() => home.Dispose();

    [Fact]
    public void ItIsTheNextOneThatIsFree()
    {
        var first = Free(0);
        Assert.InRange(first, home.Options.FirstPort, home.Options.LastPort);
        Assert.True(Free(first) > first);
        Assert.Equal(first, Free(home.Options.LastPort));
        Assert.NotEqual(first, Free(0, first));
    }

    [Fact]
    public void AnotherProgramsIsPassedOver()
    {
        using var other = new TcpListener(IPAddress.Loopback, Free(0));
        other.Start();
        Assert.NotEqual(((IPEndPoint)other.LocalEndpoint).Port, Free(0));
    }

    [Fact]
    public void AnotherControlPlaneIsNotGivenItBeforeTheInstanceListens()
    {
        var mine = Free(0);
        using (var other = home.NewRuntime())
            Assert.Equal(mine + 1, other.FreePort(0, new HashSet<int>()));
        using var third = home.NewRuntime();
        Assert.Equal(mine + 1, third.FreePort(0, new HashSet<int>()));

        // The first plan came to nothing, or its instance has ended.
        Assert.Equal(mine + 2, Free(mine));
        Assert.Equal(mine, third.FreePort(0, new HashSet<int>()));
    }

    [Fact]
    public void AfterARestartThoseInUseAreClaimedAgain()
    {
        var mine = Free(0);
        home.Replace();
        Assert.Equal(mine + 1, Free(0, mine));

        using var other = home.NewRuntime();
        Assert.Equal(mine + 2, other.FreePort(0, new HashSet<int>()));
    }

    [Fact]
    public void WithoutAnyTheRangeIsNamed()
    {
        var all = Enumerable.Range(home.FirstPort, 100).ToArray();
        var failure = Assert.Throws<IOException>(() => Free(0, all));
        Assert.Equal($"no port between {home.FirstPort} and {home.FirstPort + 99} is free", failure.Message);
    }

    int Free(int last, params int[] taken) => home.Runtime.FreePort(last, taken.ToHashSet());
}
