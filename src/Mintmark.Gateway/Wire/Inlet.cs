using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace Mintmark.Gateway.Wire;

/// <summary>
/// What a client sends, read when somebody asks for it and no sooner. A connection that is silent holds no buffer.
/// </summary>
sealed class Inlet(Link link) : PipeReader
{
    private const int Least = 4 << 10;
    private const int Most = 1 << 20;

    private byte[] buffer = [];
    private int start;
    private int end;

    /// <summary>Up to here the reader has seen it and wants more.</summary>
    private int examined;
    private bool isOver;
    private volatile bool isCancelled;

    public bool HasHeard { get; private set; }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        TryRead(out var there) ? ValueTask.FromResult(there)
        : cancellationToken.CanBeCanceled ? WaitAsync(cancellationToken)
        : MoreAsync();

    public override bool TryRead(out ReadResult result)
    {
        var isThere = isCancelled || isOver || examined < end || (link.Readable.IsThere && TryFill());
        result = isThere ? Result() : default;
        return isThere;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        if (consumed.GetObject() != buffer)
            return;
        start = consumed.GetInteger();
        this.examined = Math.Max(start, examined.GetInteger());
        if (start == end)
            Release();
    }

    /// <summary>Whoever waits gets what there is; at the latest the next read does.</summary>
    public override void CancelPendingRead()
    {
        isCancelled = true;
        link.Readable.Signal();
    }

    public override void Complete(Exception? exception = null)
    {
        isOver = true;
        Release();
    }

    private async ValueTask<ReadResult> WaitAsync(CancellationToken ct)
    {
        await using var cancelled = ct.UnsafeRegister(static inlet => ((Inlet)inlet!).CancelPendingRead(), this);
        var result = await MoreAsync();
        ct.ThrowIfCancellationRequested();
        return result;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> MoreAsync()
    {
        do
        {
            await link.Readable.WaitAsync();
        } while (!isCancelled && !TryFill());
        return Result();
    }

    private ReadResult Result()
    {
        var wasCancelled = isCancelled;
        isCancelled = false;
        return new ReadResult(new ReadOnlySequence<byte>(buffer, start, end - start), wasCancelled, isOver);
    }

    /// <returns>Whether there is more now, or it is over.</returns>
    private bool TryFill()
    {
        MakeRoom();
        int count;
        try
        {
            count = link.TryReceive(buffer.AsSpan(end));
        }
        catch (SocketException broken)
        {
            Release();
            throw new ConnectionResetException(broken.Message, broken);
        }
        catch (ObjectDisposedException ended)
        {
            Release();
            throw new ConnectionAbortedException("the connection was ended here", ended);
        }
        HasHeard |= count > 0;
        if (count > 0)
            end += count;
        else if (start == end)
            Release();
        isOver |= count == 0;
        return count >= 0;
    }

    private void MakeRoom()
    {
        if (end < buffer.Length)
            return;
        if (end - start >= Most)
            throw new IOException("a client sent more than its reader takes");
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(Least, 2 * (end - start)));
        buffer.AsSpan(start, end - start).CopyTo(larger);
        var (length, seen) = (end - start, examined - start);
        Release();
        (buffer, start, end, examined) = (larger, 0, length, seen);
    }

    private void Release()
    {
        if (buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(buffer);
        (buffer, start, end, examined) = ([], 0, 0, 0);
    }
}
