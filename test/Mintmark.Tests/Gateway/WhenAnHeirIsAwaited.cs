using System.Net;
using System.Net.Sockets;
using Mintmark.Gateway;
using Mintmark.Gateway.Succession;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>A gateway's side of a handover, and by hand that of the one that is to take over.</summary>
public sealed class WhenAnHeirIsAwaited
{
    static readonly TimeProvider Clock = TimeProvider.System;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheOldOneEndsAlsoWhereTheNewOneDiesAsItTakesOver(bool isTold)
    {
        using var entrance = new Entrance([]);
        using var door = entrance.Bound(new IPEndPoint(IPAddress.Loopback, 0));
        var folder = Directory.CreateTempSubdirectory("mintmark-heir-");
        var place = Path.Combine(folder.FullName, "handover.sock");
        var next = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var toSayTo = Stream.Null;
        using var held = File.OpenHandle(Path.Combine(folder.FullName, "lock"), FileMode.Create, FileAccess.Write);
        var heir = new Heir(
            place,
            entrance,
            held,
            Task.CompletedTask,
            () => 1,
            GiveWayAsync,
            stream => toSayTo = stream,
            Clock
        );
        var waiting = heir.WaitAsync(CancellationToken.None);
        await next.ConnectAsync(new UnixDomainSocketEndPoint(place));
        await next.ReceiveAsync(new byte[1]);
        await next.SendAsync(Heir.Ready);
        if (isTold)
        {
            await next.ReceiveAsync(new byte[1]);
            next.Dispose();
        }

        await waiting;

        Assert.Null(toSayTo);
        folder.Delete(recursive: true);

        Task GiveWayAsync()
        {
            if (!isTold)
                next.Dispose();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task WhereNobodyCanTakeOverForNowSomebodyCanLater()
    {
        using var entrance = new Entrance([]);
        using var door = entrance.Bound(new IPEndPoint(IPAddress.Loopback, 0));
        using var over = new CancellationTokenSource();
        var home = Directory.CreateTempSubdirectory("mintmark-heir-");
        var place = Path.Combine(home.FullName, "not-yet", "handover.sock");
        using var held = File.OpenHandle(Path.Combine(home.FullName, "lock"), FileMode.Create, FileAccess.Write);
        var heir = new Heir(
            place,
            entrance,
            held,
            Task.CompletedTask,
            () => 1,
            () => Task.CompletedTask,
            _ => { },
            Clock
        );

        var waiting = heir.WaitAsync(over.Token);
        home.CreateSubdirectory("not-yet");
        await Eventually.HoldsAsync(() => File.Exists(place), "it waits for another one");

        await over.CancelAsync();
        await waiting;
        home.Delete(recursive: true);
    }

    [Fact]
    public async Task OneThatNeverSaysThatItServesIsGivenUp()
    {
        using var entrance = new Entrance([]);
        using var door = entrance.Bound(new IPEndPoint(IPAddress.Loopback, 0));
        using var over = new CancellationTokenSource();
        var home = Directory.CreateTempSubdirectory("mintmark-heir-");
        var place = Path.Combine(home.FullName, "handover.sock");
        using var held = File.OpenHandle(Path.Combine(home.FullName, "lock"), FileMode.Create, FileAccess.Write);
        var time = new StoppedTime();
        var hasGivenWay = false;
        var heir = new Heir(place, entrance, held, Task.CompletedTask, () => 1, GiveWayAsync, _ => { }, time);
        var waiting = heir.WaitAsync(over.Token);
        using var hung = Predecessor.Ask(place);

        time.Pass();

        await Eventually.HoldsAsync(() => Asks(place), "it waits for another one");
        Assert.Throws<CannotStartException>(hung.Relieve);
        Assert.False(hasGivenWay);
        await over.CancelAsync();
        await waiting;
        home.Delete(recursive: true);

        Task GiveWayAsync()
        {
            hasGivenWay = true;
            return Task.CompletedTask;
        }
    }

    static bool Asks(string place)
    {
        try
        {
            Predecessor.Ask(place).Dispose();
            return true;
        }
        catch (CannotStartException)
        {
            return false;
        }
    }
}
