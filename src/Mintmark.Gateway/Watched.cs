namespace Mintmark.Gateway;

/// <summary>A body on its way: tells when more of it is waited for, and when some of it has come, or its end.</summary>
sealed class Watched(Stream body, Action awaits, Action takes) : Stream
{
    /// <summary>Some of it was read.</summary>
    public bool HasBegun { get; private set; }

    public bool HasEnded { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = body.ReadAsync(buffer, cancellationToken);
        if (!reading.IsCompleted)
            awaits();
        var read = await reading;
        // YARP reads nothing first, so as to hold no buffer while it waits.
        if (buffer.IsEmpty)
            return read;
        HasBegun |= read > 0;
        HasEnded |= read == 0;
        takes();
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }
}
