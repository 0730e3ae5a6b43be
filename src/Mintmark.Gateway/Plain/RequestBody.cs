using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Mintmark.Gateway.Surges;

namespace Mintmark.Gateway.Plain;

/// <summary>
/// Passes a request's body on while its answer may already come. Nothing is held: what the instance does not take, the
/// client does not get to send.
/// </summary>
/// <param name="length">In bytes, as its head says; null for one that goes in chunks.</param>
sealed class RequestBody(
    PipeReader reader,
    UpstreamConnection connection,
    Place? place,
    long? length,
    TimeLimits limits
)
{
    /// <summary>Instances that do not know of <c>Expect</c> say nothing: they get the body after so long.</summary>
    private static readonly TimeSpan Unasked = TimeSpan.FromSeconds(1);

    /// <summary>What is copied behind the head, so that both go at once.</summary>
    private const int Little = 8 << 10;

    private readonly TaskCompletionSource<bool> wanted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock asking = new();
    private bool isAnswered;
    private Task<ReadResult>? asked;

    /// <summary>All of it was sent.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Bytes of content sent so far.</summary>
    public long Sent { get; private set; }

    /// <summary>The client broke off, or what it sends is no body; null where it did neither.</summary>
    public Exception? Broken { get; private set; }

    /// <summary>
    /// Begins the answer. A client that has not been told to send its body is not told any more, as that would be in
    /// the middle of the answer; what it sends all the same is passed on.
    /// </summary>
    public async ValueTask BeginAnswerAsync(Func<CancellationToken, Task> start)
    {
        lock (asking)
            isAnswered = true;
        await start(CancellationToken.None);
        begun.TrySetResult(true);
    }

    /// <summary>The instance has said that it wants it.</summary>
    public void Continue() => wanted.TrySetResult(true);

    /// <summary>Nobody reads it any more.</summary>
    public void Stop()
    {
        wanted.TrySetResult(false);
        begun.TrySetResult(false);
        reader.CancelPendingRead();
    }

    /// <summary>Puts it behind the head, where it is little, its length is known, and all of it has come.</summary>
    /// <returns>Whether it has, so that it is not to be sent any more.</returns>
    public bool TryJoin(ByteText head)
    {
        if (length is null || !TryRead(out var read))
            return false;
        var buffer = read.Buffer;
        if (!IsWhole(read) || buffer.Length > Little)
        {
            reader.AdvanceTo(buffer.Start);
            return false;
        }
        foreach (var segment in buffer)
            head.Add(segment.Span);
        (Sent, IsSent) = (buffer.Length, true);
        reader.AdvanceTo(buffer.End);
        return true;
    }

    /// <summary>
    /// The head first. Throws for nothing that can befall it: where the client broke off the connection has ended, and
    /// where the instance did, its answer may have come before.
    /// </summary>
    /// <param name="lease">Of the connection.</param>
    public async Task SendAsync(bool expected, long lease)
    {
        try
        {
            await connection.SendAsync(connection.Out.Written);
            if (expected)
            {
                await Task.WhenAny(wanted.Task, Task.Delay(Unasked));
                if (wanted.Task is { IsCompleted: true, Result: false } || !(TryAsk() || await begun.Task))
                    return;
            }
            IsSent = await SendAllAsync();
        }
        catch (Exception wrong) when (Failure.IsOne(wrong))
        {
            if (Broken is not null)
                connection.Cut(lease);
            else
                connection.Break();
        }
    }

    /// <summary>Kestrel tells the client to go on within the first call for its body.</summary>
    /// <returns>False where the answer has begun.</returns>
    private bool TryAsk()
    {
        lock (asking)
        {
            if (isAnswered)
                return false;
            asked = reader.ReadAsync().AsTask();
            return true;
        }
    }

    private async Task<bool> SendAllAsync()
    {
        while (true)
        {
            connection.AwaitRequest();
            var read = await ReadAsync();
            connection.TakeRequest(limits);
            try
            {
                if (read.IsCanceled)
                    return false;
                foreach (var segment in read.Buffer)
                    await SendAsync(segment);
            }
            finally
            {
                // Also where it was not sent: what is read and not given back, the web server cannot pass over.
                reader.AdvanceTo(read.Buffer.End);
            }
            if (!read.IsCompleted && Sent != length)
                continue;
            if (length is null)
                await connection.SendAsync("0\r\n\r\n"u8.ToArray());
            return true;
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> segment)
    {
        // As a chunk it would be the body's end.
        if (segment.IsEmpty)
            return;
        if (length is null)
            await connection.SendAsync(Size(segment.Length));
        await connection.SendAsync(segment);
        Sent += segment.Length;
        if (length is null)
            await connection.SendAsync("\r\n"u8.ToArray());
    }

    private bool TryRead(out ReadResult read)
    {
        try
        {
            return reader.TryRead(out read);
        }
        catch (Exception wrong) when (Failure.IsOne(wrong))
        {
            Broken = wrong;
            throw;
        }
    }

    private async ValueTask<ReadResult> ReadAsync()
    {
        try
        {
            var reading = asked is null ? reader.ReadAsync() : new(asked);
            asked = null;
            if (!reading.IsCompleted)
                place?.Away();
            var read = await reading;
            // Before the last of it is sent: the instance may work on it from then on.
            if (IsWhole(read))
                place?.Back();
            return read;
        }
        catch (Exception wrong) when (Failure.IsOne(wrong))
        {
            Broken = wrong;
            throw;
        }
    }

    /// <summary>
    /// The instance has all of it then. Of HTTP/2 the end may come apart from the last byte, or never.
    /// </summary>
    private bool IsWhole(ReadResult read) => read.IsCompleted || Sent + read.Buffer.Length == length;

    private static byte[] Size(int length) =>
        Encoding.ASCII.GetBytes(length.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
}
