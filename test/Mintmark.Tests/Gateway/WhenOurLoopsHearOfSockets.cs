using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Mintmark.Gateway.Wire;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenOurLoopsHearOfSockets
{
    [Fact]
    public async Task TheEndIsSeenAfterTheLastByteThoughBothCameAtOnce()
    {
        using var pair = await Pair.MakeAsync();
        await pair.Peer.SendAsync("all"u8.ToArray());
        pair.Peer.Shutdown(SocketShutdown.Send);

        Assert.Equal("all"u8.ToArray(), await ReadAllAsync(new Inlet(pair.Link)));
    }

    [Fact]
    public async Task WhatIsNotConsumedIsKeptHoweverLongItGets()
    {
        using var pair = await Pair.MakeAsync();
        var bytes = Random(100_000);
        var inlet = new Inlet(pair.Link);
        var sending = pair.Peer.SendAsync(bytes);
        ReadResult read;
        while ((read = await inlet.ReadAsync()).Buffer.Length < bytes.Length)
            inlet.AdvanceTo(read.Buffer.Start, read.Buffer.End);

        Assert.Equal(bytes, read.Buffer.ToArray());
        inlet.AdvanceTo(read.Buffer.GetPosition(99_990), read.Buffer.End);
        await sending;
        await pair.Peer.SendAsync("more"u8.ToArray());
        var rest = (await inlet.ReadAsync()).Buffer.ToArray();
        Assert.Equal([.. bytes[99_990..], .. "more"u8], rest);
    }

    [Fact]
    public async Task WhoAlwaysHasMoreLetsOthersGoFirstNowAndThen()
    {
        using var pair = await Pair.MakeAsync();
        var bytes = Random(1_000);
        await pair.Peer.SendAsync(bytes);
        var inlet = new Inlet(pair.Link);
        ReadResult all;
        while ((all = await inlet.ReadAsync()).Buffer.Length < bytes.Length)
            inlet.AdvanceTo(all.Buffer.Start, all.Buffer.End);
        // From here on there is always more.
        inlet.AdvanceTo(all.Buffer.Start);
        var (before, others) = (SynchronizationContext.Current, new Others());
        var (inARow, longest, got) = (0, 0, new List<byte>());
        while (got.Count < bytes.Length)
        {
            SynchronizationContext.SetSynchronizationContext(others);
            var reading = inlet.ReadAsync();
            SynchronizationContext.SetSynchronizationContext(before);
            inARow = reading.IsCompleted ? inARow + 1 : 0;
            longest = Math.Max(longest, inARow);
            others.GoFirst();
            var buffer = (await reading).Buffer;
            got.Add(buffer.FirstSpan[0]);
            inlet.AdvanceTo(buffer.GetPosition(1));
        }

        Assert.Equal(bytes, got);
        Assert.InRange(longest, 1, 64);
    }

    [Fact]
    public async Task AReadThatIsCancelledLosesNothing()
    {
        using var pair = await Pair.MakeAsync();
        var inlet = new Inlet(pair.Link);
        var reading = inlet.ReadAsync().AsTask();
        Assert.False(reading.IsCompleted);
        inlet.CancelPendingRead();
        var cancelled = await reading;
        inlet.AdvanceTo(cancelled.Buffer.Start);
        await pair.Peer.SendAsync("later"u8.ToArray());

        Assert.True(cancelled.IsCanceled);
        Assert.Equal("later"u8.ToArray(), (await inlet.ReadAsync()).Buffer.ToArray());
    }

    [Fact]
    public async Task AReadThatIsCancelledBringsWhatHadComeByThen()
    {
        using var busy = await Pair.MakeAsync();
        using var pair = await Pair.MakeAsync();
        pair.Link.TryMoveTo(busy.Link.Loop);
        var inlet = new Inlet(pair.Link);
        var reading = inlet.ReadAsync().AsTask();

        // The loop has yet to hear of it.
        await busy.InATurnAsync(() =>
        {
            pair.Peer.Send("late"u8);
            inlet.CancelPendingRead();
        });
        var late = await reading;
        Assert.Equal("late"u8.ToArray(), late.Buffer.ToArray());
        inlet.AdvanceTo(late.Buffer.End);
        await pair.Peer.SendAsync("later"u8.ToArray());
        inlet.CancelPendingRead();
        var later = await inlet.ReadAsync();

        Assert.Equal("later"u8.ToArray(), later.Buffer.ToArray());
        Assert.Equal((true, true), (late.IsCanceled, later.IsCanceled));
        inlet.AdvanceTo(later.Buffer.End);
        var next = inlet.ReadAsync().AsTask();
        Assert.False(next.IsCompleted);
        inlet.CancelPendingRead();
        await next;
    }

    [Fact]
    public async Task AReadThatIsCancelledBeforeItBeginsIsNone()
    {
        using var pair = await Pair.MakeAsync();
        var reading = new Inlet(pair.Link).ReadAsync(new CancellationToken(canceled: true)).AsTask();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatHasJustComeUnaskedIsSeenBeforeTheLoopTellsOfIt(bool says)
    {
        using var pair = await Pair.MakeAsync();
        using var other = await Pair.MakeAsync();
        await pair.InATurnAsync(() =>
        {
            Assert.True(other.Link.IsAtRest());
            if (says)
                other.Peer.Send(new byte[1]);
            else
                other.Peer.Shutdown(SocketShutdown.Send);
            Assert.False(other.Link.IsAtRest());
        });
    }

    [Fact]
    public async Task AReadIsCancelledInWhicheverMomentThatIsAsked()
    {
        using var pair = await Pair.MakeAsync();
        var inlet = new Inlet(pair.Link);
        for (var i = 0; i < 5_000; i++)
        {
            var cancelling = Task.Run(inlet.CancelPendingRead);
            Thread.SpinWait(i % 200);
            var read = await inlet.ReadAsync().AsTask().WaitAsync(Rig.Late);
            Assert.True(read.IsCanceled);
            await cancelling;
            inlet.AdvanceTo(read.Buffer.Start);
        }
    }

    [Fact]
    public async Task WhoWritesIsNoFasterThanWhoReads()
    {
        using var pair = await Pair.MakeAsync();
        var bytes = Random(16 << 20);
        var outlet = new Outlet(pair.Link);
        outlet.Write(bytes);
        var flushing = outlet.FlushAsync().AsTask();
        Assert.False(flushing.IsCompleted);
        var read = await pair.ReadAsync(bytes.Length);

        Assert.Equal((false, false), ((await flushing).IsCompleted, (await flushing).IsCanceled));
        Assert.Equal(bytes, read);
    }

    [Fact]
    public async Task OfAFlushThatIsCancelledTheNextSendsTheRest()
    {
        using var pair = await Pair.MakeAsync();
        var bytes = Random(16 << 20);
        var outlet = new Outlet(pair.Link);
        outlet.Write(bytes);
        var flushing = outlet.FlushAsync().AsTask();
        outlet.CancelPendingFlush();
        Assert.True((await flushing).IsCanceled);
        outlet.Write("end"u8);
        var reading = pair.ReadAsync(bytes.Length + 3);
        await outlet.FlushAsync();

        var read = await reading;
        Assert.Equal([.. bytes, .. "end"u8], read);
    }

    [Fact]
    public async Task WhoWritesToWhoIsGoneIsTold()
    {
        using var pair = await Pair.MakeAsync();
        var outlet = new Outlet(pair.Link);
        outlet.Write(Random(16 << 20));
        var flushing = outlet.FlushAsync().AsTask();
        pair.Peer.Close(timeout: 0);

        Assert.True((await flushing).IsCompleted);
        Assert.True((await new Inlet(pair.Link).ReadAsync()).IsCompleted);
    }

    [Fact]
    public async Task WhoWaitsIsToldWhenItIsEnded()
    {
        using var pair = await Pair.MakeAsync();
        var reading = new Inlet(pair.Link).ReadAsync().AsTask();
        pair.Link.Dispose();

        await Assert.ThrowsAsync<ConnectionAbortedException>(() => reading);
        Assert.Equal(0, await pair.Peer.ReceiveAsync(new byte[1]));
    }

    [Fact]
    public async Task AnotherLoopGoesOnWithIt()
    {
        using var pair = await Pair.MakeAsync();
        Loop[] loops = [Loop.Next(), Loop.Next()];
        var buffer = new byte[1];
        for (var i = 0; i < 200; i++)
        {
            if (i % 3 > 0)
                await pair.Peer.SendAsync(new[] { (byte)i });
            pair.Link.TryMoveTo(loops[i % 2]);
            if (i % 3 == 0)
                await pair.Peer.SendAsync(new[] { (byte)i });
            while (pair.Link.TryReceive(buffer) < 0)
                await pair.Link.Readable.WaitAsync();
            Assert.Equal((byte)i, buffer[0]);
        }
    }

    [Fact]
    public async Task OneThatSaidSomethingUnaskedOrEndedIsNotAtRest()
    {
        using var quiet = await Pair.MakeAsync();
        using var loud = await Pair.MakeAsync();
        using var over = await Pair.MakeAsync();
        using var ended = await Pair.MakeAsync();
        await loud.Peer.SendAsync("unasked"u8.ToArray());
        over.Peer.Shutdown(SocketShutdown.Send);
        ended.Link.Dispose();
        await loud.Link.Readable.WaitAsync();
        await over.Link.Readable.WaitAsync();
        quiet.Link.Readable.Signal();

        bool[] atRest = [.. new[] { quiet, loud, over, ended }.Select(p => p.Link.IsAtRest())];
        Assert.Equal([true, false, false, false], atRest);
    }

    [Fact]
    public async Task ManyMayEndItAtOnceAndItIsClosedOnce()
    {
        // A second close would close a socket of the next round, or of another test.
        for (var i = 0; i < 100; i++)
        {
            using var pair = await Pair.MakeAsync();
            var receiving = Task.Run(() =>
            {
                while (pair.Link.TryReceive(new byte[1]) < 0) { }
            });
            await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(pair.Link.Dispose)));

            await Assert.ThrowsAsync<ObjectDisposedException>(() => receiving);
            Assert.Equal(0, await pair.Peer.ReceiveAsync(new byte[1]));
        }
    }

    [Fact]
    public async Task WhatHasComeUnreadDoesNotTakeTheAnswerAway()
    {
        using var pair = await Pair.MakeAsync();
        await pair.Peer.SendAsync(Random(200_000));
        await pair.Link.SendAsync("why"u8.ToArray());
        pair.Link.Finish();

        Assert.Equal("why"u8.ToArray(), await pair.ReadAsync(3));
        Assert.Equal(0, await pair.Peer.ReceiveAsync(new byte[1]));
    }

    /// <summary>What is put off goes on when they have had their turn.</summary>
    sealed class Others : SynchronizationContext
    {
        readonly Queue<Action> waiting = new();

        public void GoFirst()
        {
            while (waiting.TryDequeue(out var goOn))
                goOn();
        }

        public override void Post(SendOrPostCallback d, object? state) => waiting.Enqueue(() => d(state));
    }

    static byte[] Random(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    static async Task<byte[]> ReadAllAsync(Inlet inlet)
    {
        var all = new List<byte>();
        while (true)
        {
            var read = await inlet.ReadAsync();
            all.AddRange(read.Buffer.ToArray());
            inlet.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return [.. all];
        }
    }
}
