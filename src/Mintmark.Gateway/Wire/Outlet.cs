using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Mintmark.Gateway.Wire;

/// <summary>
/// What a client gets: sent at each flush, by whoever flushes, and held only until then. A flush ends when the kernel
/// has taken all, so who writes is no faster than the client. Little goes at the end of the loop's turn, with what
/// others get: such a flush ends at once, and the next one ends no sooner than that has been taken too.
/// </summary>
sealed class Outlet(Link link) : PipeWriter, IAtTurnsEnd
{
    private const int Least = 4 << 10;
    private const int Little = 8 << 10;

    private readonly Lock ending = new();
    private byte[] buffer = [];
    private int length;
    private bool isFlushing;
    private bool isOver;
    private volatile bool isCancelled;
    private long waitsSince;

    /// <summary>Flushed, and to be sent at the turn's end.</summary>
    private byte[] held = [];
    private int heldFrom;
    private int heldTo;

    /// <summary>Sends of that what the kernel did not take at once.</summary>
    private Task sending = Task.CompletedTask;

    /// <summary>That has yet to say that it is done, which is under the lock and before the task's end.</summary>
    private bool isSending;

    /// <summary>
    /// Since when the client has taken nothing of what it is to get, as <see cref="Environment.TickCount64"/>; 0 where
    /// nothing waits for it.
    /// </summary>
    public long WaitsSince => Volatile.Read(ref waitsSince);

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => length;

    public override void Advance(int bytes) => length += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return buffer.AsMemory(length);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        MakeRoom(sizeHint);
        return buffer.AsSpan(length);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (ending)
        {
            if (TryHold())
                return ValueTask.FromResult(new FlushResult(isCanceled: false, isOver));
            if (!TrySendHeld())
                return FlushAfterAsync(sending, cancellationToken);
            isFlushing = true;
        }
        var sent = Send(buffer, 0, length);
        if (sent < length && !isOver)
            return FlushRestAsync(sent, cancellationToken);
        EndFlush(sent);
        return ValueTask.FromResult(new FlushResult(isCanceled: false, isOver));
    }

    public void EndTurn()
    {
        lock (ending)
            TrySendHeld();
    }

    public override void CancelPendingFlush()
    {
        isCancelled = true;
        link.Writable.Signal();
    }

    /// <summary>What was written and not flushed still goes, as far as the kernel takes it.</summary>
    public override void Complete(Exception? exception = null)
    {
        lock (ending)
        {
            if (isFlushing)
            {
                isOver = true;
                return;
            }
            if (TrySendHeld() && exception is null)
                Send(buffer, 0, length);
            isOver |= !isSending;
            Release();
        }
    }

    /// <summary>As <see cref="Complete"/>, and waits until the kernel has taken what was flushed.</summary>
    public override async ValueTask CompleteAsync(Exception? exception = null)
    {
        Complete(exception);
        await sending;
    }

    /// <summary>What was written waits for the turn's end, if it is little and the first in this turn.</summary>
    private bool TryHold()
    {
        if (length is 0 or > Little || held.Length > 0 || isOver || Loop.Current is not { } loop)
            return false;
        (held, heldFrom, heldTo) = (buffer, 0, length);
        (buffer, length) = ([], 0);
        loop.AtTurnsEnd(this);
        return true;
    }

    /// <returns>False where the kernel did not take it all: the rest is being sent.</returns>
    private bool TrySendHeld()
    {
        if (held.Length == 0)
            return true;
        if (isSending)
            return false;
        heldFrom = Send(held, heldFrom, heldTo);
        if (heldFrom < heldTo && !isOver)
        {
            isSending = true;
            sending = SendHeldAsync();
        }
        else
        {
            ReleaseHeld();
        }
        return held.Length == 0;
    }

    private async Task SendHeldAsync()
    {
        while (heldFrom < heldTo && !isOver && !isCancelled)
        {
            Volatile.Write(ref waitsSince, Environment.TickCount64);
            await link.Writable.WaitAsync();
            heldFrom = Send(held, heldFrom, heldTo);
        }
        Volatile.Write(ref waitsSince, 0);
        lock (ending)
        {
            isSending = false;
            if (heldFrom == heldTo || isOver)
                ReleaseHeld();
        }
    }

    private void ReleaseHeld()
    {
        ArrayPool<byte>.Shared.Return(held);
        held = [];
    }

    private async ValueTask<FlushResult> FlushAfterAsync(Task before, CancellationToken ct)
    {
        await using (ct.UnsafeRegister(static outlet => ((Outlet)outlet!).CancelPendingFlush(), this))
            await before;
        ct.ThrowIfCancellationRequested();
        if (!isCancelled)
            return await FlushAsync(ct);
        isCancelled = false;
        return new FlushResult(isCanceled: true, isOver);
    }

    [AsyncMethodBuilder(typeof(Reused<>))]
    private async ValueTask<FlushResult> FlushRestAsync(int sent, CancellationToken ct)
    {
        var cancelled = ct.CanBeCanceled
            ? ct.UnsafeRegister(static outlet => ((Outlet)outlet!).CancelPendingFlush(), this)
            : default;
        try
        {
            while (sent < length && !isOver && !isCancelled)
            {
                Volatile.Write(ref waitsSince, Environment.TickCount64);
                await link.Writable.WaitAsync();
                if (!isCancelled)
                    sent = Send(buffer, sent, length);
            }
        }
        finally
        {
            Volatile.Write(ref waitsSince, 0);
            cancelled.Unregister();
            EndFlush(sent);
        }
        var wasCancelled = isCancelled;
        isCancelled = false;
        ct.ThrowIfCancellationRequested();
        return new FlushResult(wasCancelled, isOver);
    }

    /// <summary>As much as the kernel takes now; where the client is gone, it is over.</summary>
    /// <returns>Up to where it has been sent.</returns>
    private int Send(byte[] bytes, int from, int to)
    {
        if (from == to || isOver)
            return from;
        try
        {
            return from + Math.Max(0, link.TrySend(bytes.AsSpan(from, to - from)));
        }
        catch (Exception wrong) when (wrong is SocketException or ObjectDisposedException)
        {
            isOver = true;
            return from;
        }
    }

    /// <summary>Of a flush that was cancelled the rest is for the next.</summary>
    private void EndFlush(int sent)
    {
        // Also the buffer's end: who completes it meanwhile leaves that to us.
        lock (ending)
        {
            isFlushing = false;
            Keep(sent);
        }
    }

    private void Keep(int sent)
    {
        if (sent == length || isOver)
        {
            Release();
            return;
        }
        buffer.AsSpan(sent, length - sent).CopyTo(buffer);
        length -= sent;
    }

    private void MakeRoom(int sizeHint)
    {
        if (buffer.Length - length >= Math.Max(1, sizeHint))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(Least, 2 * buffer.Length), length + sizeHint));
        buffer.AsSpan(0, length).CopyTo(larger);
        var written = length;
        Release();
        (buffer, length) = (larger, written);
    }

    private void Release()
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        (buffer, length) = ([], 0);
    }
}
