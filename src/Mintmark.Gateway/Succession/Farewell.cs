using System.Buffers;
using System.IO.Pipelines;

namespace Mintmark.Gateway.Succession;

/// <summary>
/// What goes to a client of HTTP/2, with one frame of our own in it where it is time to go: a GOAWAY that still lets in
/// what the client has sent and we have not seen (RFC 9113, section 6.8). The web server says its last one at once
/// where nothing is under way. Its own frames are whole whenever it flushes, and come whole before or after ours.
/// </summary>
sealed class Farewell(PipeWriter inner) : PipeWriter
{
    /// <summary>No stream is too high, and nothing is wrong.</summary>
    private static ReadOnlySpan<byte> GoAway => [0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0];

    private readonly Lock turn = new();

    /// <summary>The web server has begun to write; its first frame comes before any of ours.</summary>
    private bool isWriting = true;
    private bool isFlushing;
    private bool isWanted;
    private bool isOver;
    private Task? ours;

    /// <summary>What the web server writes while ours waits for the client to take it.</summary>
    private ArrayBufferWriter<byte>? held;

    /// <summary>At once, or with the frames that are just being written. Only the first time counts.</summary>
    public void Say()
    {
        lock (turn)
        {
            isWanted = true;
            if (!isWriting && !isFlushing)
                SayNow();
        }
    }

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => held?.WrittenCount ?? inner.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        Begin();
        return held?.GetMemory(sizeHint) ?? inner.GetMemory(sizeHint);
    }

    public override Span<byte> GetSpan(int sizeHint = 0)
    {
        Begin();
        return held is null ? inner.GetSpan(sizeHint) : held.GetSpan(sizeHint);
    }

    public override void Advance(int bytes)
    {
        if (held is null)
            inner.Advance(bytes);
        else
            held.Advance(bytes);
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        lock (turn)
        {
            isWriting = false;
            isFlushing = true;
            if (held is not null || ours is { IsCompleted: false })
                return FlushAfterOursAsync(cancellationToken);
            if (isWanted && ours is null)
            {
                inner.Write(GoAway);
                ours = Task.CompletedTask;
            }
            var flush = inner.FlushAsync(cancellationToken);
            if (!flush.IsCompletedSuccessfully)
                return EndAsync(flush);
            isFlushing = false;
            return flush;
        }
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <summary>The web server writes no more.</summary>
    public void End()
    {
        lock (turn)
            isOver = true;
    }

    public override void Complete(Exception? exception = null)
    {
        End();
        if (ours is { IsCompleted: false } waiting)
            _ = waiting.ContinueWith(_ => inner.Complete(exception), TaskScheduler.Default);
        else
            inner.Complete(exception);
    }

    private void Begin()
    {
        if (isWriting)
            return;
        lock (turn)
        {
            isWriting = true;
            if (ours is { IsCompleted: false })
                held = new ArrayBufferWriter<byte>();
        }
    }

    private void SayNow()
    {
        if (isOver || ours is not null)
            return;
        inner.Write(GoAway);
        ours = inner.FlushAsync().AsTask();
    }

    private async ValueTask<FlushResult> FlushAfterOursAsync(CancellationToken ct)
    {
        await ours!.WaitAsync(ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
        if (held is not null)
            inner.Write(held.WrittenSpan);
        held = null;
        return await EndAsync(inner.FlushAsync(ct));
    }

    private async ValueTask<FlushResult> EndAsync(ValueTask<FlushResult> flush)
    {
        try
        {
            return await flush;
        }
        finally
        {
            lock (turn)
            {
                isFlushing = false;
                if (isWanted && !isWriting)
                    SayNow();
            }
        }
    }
}
