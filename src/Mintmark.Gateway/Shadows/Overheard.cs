namespace Mintmark.Gateway.Shadows;

/// <summary>
/// A request's body that goes on to the instance as it comes, while what has passed is kept: nothing is read before
/// the instance takes it, and nothing of a body that is too large.
/// </summary>
sealed class Overheard(Stream body) : Stream
{
    private MemoryStream? kept = new();
    private bool hasEnded;

    /// <summary>All of it; null where it has not come to its end, or was too large.</summary>
    public byte[]? Whole => hasEnded ? kept?.ToArray() : null;

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
        var read = await body.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read], isEnd: read == 0 && !buffer.IsEmpty);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() => throw new NotSupportedException();

    private void Keep(ReadOnlySpan<byte> some, bool isEnd)
    {
        hasEnded |= isEnd;
        if (kept is null)
            return;
        if (kept.Length + some.Length > LiveShadow.LargestBody)
            kept = null;
        else
            kept.Write(some);
    }
}
