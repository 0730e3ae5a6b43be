namespace Mintmark.Gateway.Shadows;

/// <summary>
/// A request's body that goes on to the instance as it comes, while what has passed is kept: nothing is read before
/// the instance takes it, and nothing of a body that is too large.
/// </summary>
sealed class Overheard(Stream body) : PassingBody
{
    private MemoryStream? kept = new();
    private bool hasEnded;

    /// <summary>All of it; null where it has not come to its end, or was too large.</summary>
    public byte[]? Whole => hasEnded ? kept?.ToArray() : null;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        Keep(buffer.Span[..read], isEnd: read == 0 && !buffer.IsEmpty);
        return read;
    }

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
