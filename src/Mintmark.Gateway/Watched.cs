namespace Mintmark.Gateway;

/// <summary>A body on its way: tells when more of it is waited for, and when some of it has come, or its end.</summary>
/// <param name="takes">Is told whether it is the end.</param>
/// <param name="length">In bytes, after which nothing is waited for; null where that is not known.</param>
/// <param name="due">In bytes, which it has to have in all: .NET's HTTP/2 does not look, and the web server does when
/// the answer has been judged. Null where that is not said.</param>
sealed class Watched(Stream body, Func<ValueTask> awaits, Action<bool> takes, long? length = null, long? due = null)
    : PassingBody
{
    /// <summary>Where it goes on to: what is held back there is sent before more is waited for.</summary>
    public Stream? GoesTo { get; set; }

    /// <summary>How much of it has passed, in bytes.</summary>
    public long Taken { get; private set; }

    /// <summary>Some of it was read.</summary>
    public bool HasBegun { get; private set; }

    public bool HasEnded { get; private set; } = length == 0;

    /// <summary>It cannot be read, which is not because whoever reads it gave up.</summary>
    public bool HasFailed { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (HasEnded)
            return 0;
        var reading = body.ReadAsync(buffer, cancellationToken);
        if (!reading.IsCompleted)
        {
            if (GoesTo is not null)
                await GoesTo.FlushAsync(cancellationToken);
            await awaits();
        }
        int read;
        try
        {
            read = await reading;
        }
        catch (Exception wrong) when (wrong is not OperationCanceledException)
        {
            HasFailed = true;
            throw;
        }
        // YARP reads nothing first, so as to hold no buffer while it waits.
        if (buffer.IsEmpty)
            return read;
        HasBegun |= read > 0;
        Taken += read;
        HasEnded = read == 0 || Taken == length;
        if (Taken > due || (read == 0 && Taken < due))
            throw new IOException($"it has {Taken} bytes where {due} were said");
        takes(HasEnded);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }
}
