using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Text;
using Mintmark.Gateway.Wire;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>What is sent in a turn of a loop goes out at its end.</summary>
public sealed class WhenALoopsTurnEnds
{
    [Fact]
    public async Task LittleGoesThenAndItsFlushDoesNotWait()
    {
        using var pair = await Pair.MakeAsync();
        var outlet = new Outlet(pair.Link);
        await pair.InATurnAsync(() =>
        {
            Assert.True(Flush(outlet, "little").IsCompletedSuccessfully);
            Assert.Equal(0, pair.Peer.Available);
        });

        Assert.Equal("little"u8.ToArray(), await pair.ReadAsync(6));
    }

    [Fact]
    public async Task WhatIsFlushedTwiceInATurnComesInOrder()
    {
        using var pair = await Pair.MakeAsync();
        var outlet = new Outlet(pair.Link);
        await pair.InATurnAsync(() =>
        {
            Assert.True(Flush(outlet, "one").IsCompletedSuccessfully);
            Assert.True(Flush(outlet, "two").IsCompletedSuccessfully);
            Assert.True(Flush(outlet, new string('3', 50_000)).IsCompletedSuccessfully);
        });

        Assert.Equal("onetwo333"u8.ToArray(), (await pair.ReadAsync(50_006))[..9]);
    }

    [Fact]
    public async Task WhoGoesOnElsewhereKeepsTheOrder()
    {
        using var pair = await Pair.MakeAsync();
        var outlet = new Outlet(pair.Link);
        for (var i = 0; i < 300; i++)
        {
            var elsewhere = Task.CompletedTask;
            await pair.InATurnAsync(() =>
            {
                Assert.True(Flush(outlet, "first").IsCompletedSuccessfully);
                elsewhere = Task.Run(async () => await Flush(outlet, "then"));
            });
            await elsewhere;

            Assert.Equal("firstthen"u8.ToArray(), await pair.ReadAsync(9));
            Assert.Equal(1, pair.Link.TryReceive(new byte[2]));
        }
    }

    [Fact]
    public async Task WhatIsCompletedInTheSameTurnStillGoes()
    {
        using var pair = await Pair.MakeAsync();
        var outlet = new Outlet(pair.Link);
        await pair.InATurnAsync(() =>
        {
            Assert.True(Flush(outlet, "last").IsCompletedSuccessfully);
            outlet.Complete(new InvalidOperationException("of what was not flushed"));
            pair.Link.Finish();
        });

        Assert.Equal("last"u8.ToArray(), await pair.ReadAsync(4));
        Assert.Equal(0, await pair.Peer.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task WhoTakesNothingIsWaitedForByTheNext()
    {
        using var pair = await Pair.MakeAsync(peerHolds: 4_096);
        var outlet = new Outlet(pair.Link);
        var before = await FlushUntilItWaitsAsync(pair, outlet);
        var next = Flush(outlet, "next");

        Assert.False(next.IsCompleted);
        var read = await pair.ReadAsync(before + 8);
        Assert.Equal("heldnext"u8.ToArray(), read[before..]);
        Assert.False((await next).IsCanceled);
        Assert.Equal(0, outlet.WaitsSince);
    }

    [Fact]
    public async Task WhoTakesNothingIsWaitedForAtTheEnd()
    {
        using var pair = await Pair.MakeAsync(peerHolds: 4_096);
        var outlet = new Outlet(pair.Link);
        var before = await FlushUntilItWaitsAsync(pair, outlet);
        var ending = outlet.CompleteAsync().AsTask();

        Assert.False(ending.IsCompleted);
        Assert.Equal("held"u8.ToArray(), (await pair.ReadAsync(before + 4))[before..]);
        await ending;
    }

    [Fact]
    public async Task OfOneThatIsWaitedForTheFlushMayBeCancelled()
    {
        using var pair = await Pair.MakeAsync(peerHolds: 4_096);
        var outlet = new Outlet(pair.Link);
        var before = await FlushUntilItWaitsAsync(pair, outlet);
        var next = Flush(outlet, "next");
        outlet.CancelPendingFlush();

        Assert.True((await next).IsCanceled);
        var reading = pair.ReadAsync(before + 8);
        await outlet.FlushAsync();
        Assert.Equal("heldnext"u8.ToArray(), (await reading)[before..]);
    }

    [Fact]
    public async Task ARequestGoesThen()
    {
        using var pair = await Pair.MakeAsync();
        await pair.InATurnAsync(() =>
        {
            pair.Link.SendSoon("GET"u8.ToArray());
            Assert.True(pair.Link.IsSending);
            Assert.Equal(0, pair.Peer.Available);
        });

        Assert.Equal("GET"u8.ToArray(), await pair.ReadAsync(3));
        await NextTurnAsync(pair, () => Assert.False(pair.Link.IsSending));
    }

    [Fact]
    public async Task OfOneThatEndedMeanwhileNothingIsSent()
    {
        using var pair = await Pair.MakeAsync();
        await pair.InATurnAsync(() =>
        {
            pair.Link.SendSoon("GET"u8.ToArray());
            pair.Link.Dispose();
        });

        await Assert.ThrowsAsync<SocketException>(() => pair.Peer.ReceiveAsync(new byte[1]));
    }

    /// <summary>After a turn that left a byte to read.</summary>
    static async Task NextTurnAsync(Pair pair, Action what)
    {
        Assert.Equal(1, pair.Link.TryReceive(new byte[2]));
        await pair.InATurnAsync(what);
    }

    static Task<FlushResult> Flush(Outlet outlet, string text)
    {
        outlet.Write(Encoding.ASCII.GetBytes(text));
        return outlet.FlushAsync().AsTask();
    }

    /// <summary>Flushes turn by turn, until the kernel does not take one.</summary>
    /// <returns>How many bytes were sent before that one.</returns>
    static async Task<int> FlushUntilItWaitsAsync(Pair pair, Outlet outlet)
    {
        var (all, bytes, waits) = (0, new byte[64 << 10], false);
        int sent;
        while ((sent = pair.Link.TrySend(bytes)) > 0)
            all += sent;
        await pair.InATurnAsync(() => Flush(outlet, "held"));
        while (true)
        {
            await NextTurnAsync(
                pair,
                () =>
                {
                    waits = outlet.WaitsSince != 0;
                    if (!waits)
                        Flush(outlet, "held");
                }
            );
            if (waits)
                return all;
            all += 4;
        }
    }
}
