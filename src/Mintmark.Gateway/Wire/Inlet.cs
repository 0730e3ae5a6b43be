using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Mintmark.Gateway.Wire;

/// <summary>
/// What a client sends, read when somebody asks for it and no sooner. A connection that is silent holds no buffer.
/// </summary>
sealed class Inlet : PipeReader, ITaker<ReadResult>
{
    private const int Least = 4 << 10;
    private const int Most = 1 << 20;

    /// <summary>Who has always more to say would keep the loop from all others.</summary>
    private const int MostInARow = 64;

    private readonly Link link;
    private readonly Arrival<ReadResult> arrival;
    private CancellationTokenRegistration cancelling;
    private byte[] buffer = [];
    private int start;
    private int end;

    /// <summary>Up to here the reader has seen it and wants more.</summary>
    private int examined;
    private bool isOver;
    private volatile bool isCancelled;
    private int inARow;

    public bool HasHeard { get; private set; }

    public Inlet(Link link)
    {
        this.link = link;
        arrival = new Arrival<ReadResult>(link.Readable, this);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        // Who gets nothing from a read that was cancelled may ask again with the same token, and again.
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<ReadResult>(cancellationToken);
        if (++inARow > MostInARow)
            return AfterOthersAsync(cancellationToken);
        if (TryRead(out var there))
            return ValueTask.FromResult(there);
        inARow = 0;
        cancelling = cancellationToken.UnsafeRegister(static inlet => ((Inlet)inlet!).CancelPendingRead(), this);
        return arrival.WaitAsync();
    }

    /// <summary>For who waits.</summary>
    bool ITaker<ReadResult>.TryTake(out ReadResult taken)
    {
        taken = default;
        var isOn = false;
        try
        {
            // Also where it is cancelled: what has come by then is not to be thrown away with an idle connection.
            isOn = !isOver && !TryFill() && !isCancelled;
            if (isOn)
                return false;
            taken = Result();
            cancelling.Token.ThrowIfCancellationRequested();
            return true;
        }
        finally
        {
            // Waits for one that is just cancelling: else that would cancel the next read.
            if (!isOn)
                cancelling.Dispose();
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        var isThere = examined < end || (!isOver && link.Readable.IsThere && TryFill()) || isCancelled || isOver;
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

    /// <summary>Goes on beside the loop, which hears of others meanwhile.</summary>
    private async ValueTask<ReadResult> AfterOthersAsync(CancellationToken ct)
    {
        inARow = 0;
        await Task.Yield();
        return await ReadAsync(ct);
    }

    private ReadResult Result()
    {
        var wasCancelled = isCancelled;
        isCancelled = false;
        return new ReadResult(new ReadOnlySequence<byte>(buffer, start, end - start), wasCancelled, isOver);
    }

    /// <returns>Whether there is more now, or it is over, or whoever waits is not to wait any longer.</returns>
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
        // Who cancels just before the signal is cleared has signalled to nobody.
        return count >= 0 || isCancelled;
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
