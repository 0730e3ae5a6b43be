using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Mintmark.Gateway.Wire;

/// <summary>
/// What a client gets: sent at each flush, by whoever flushes, and held only until then. A flush ends when the kernel
/// has taken all, so who writes is no faster than the client.
/// </summary>
sealed class Outlet(Link link) : PipeWriter
{
    private const int Least = 4 << 10;

    private readonly Lock ending = new();
    private byte[] buffer = [];
    private int length;
    private bool isFlushing;
    private bool isOver;
    private volatile bool isCancelled;
    private long waitsSince;

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
        var sent = Send(0);
        if (sent < length && !isOver)
            return FlushRestAsync(sent, cancellationToken);
        Release();
        return ValueTask.FromResult(new FlushResult(isCanceled: false, isOver));
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
        }
        if (exception is null)
            Send(0);
        isOver = true;
        Release();
    }

    [AsyncMethodBuilder(typeof(Reused<>))]
    private async ValueTask<FlushResult> FlushRestAsync(int sent, CancellationToken ct)
    {
        lock (ending)
            isFlushing = true;
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
                    sent = Send(sent);
            }
        }
        finally
        {
            Volatile.Write(ref waitsSince, 0);
            cancelled.Unregister();
            lock (ending)
                isFlushing = false;
            Keep(sent);
        }
        var wasCancelled = isCancelled;
        isCancelled = false;
        ct.ThrowIfCancellationRequested();
        return new FlushResult(wasCancelled, isOver);
    }

    /// <summary>As much as the kernel takes now; where the client is gone, it is over.</summary>
    /// <returns>How much of all that is written has been sent.</returns>
    private int Send(int sent)
    {
        if (sent == length || isOver)
            return sent;
        try
        {
            return sent + Math.Max(0, link.TrySend(buffer.AsSpan(sent, length - sent)));
        }
        catch (Exception wrong) when (wrong is SocketException or ObjectDisposedException)
        {
            isOver = true;
            return sent;
        }
    }

    /// <summary>Of a flush that was cancelled the rest, for the next.</summary>
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
