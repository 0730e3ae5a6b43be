namespace Mintmark.Gateway.Shadows;

/// <summary>
/// A request's body that goes on to the instance as it comes, while what has passed is kept: nothing is read before
/// the instance takes it, and nothing of a body that is too large.
/// </summary>
/// <param name="length">In bytes, of which none is waited for after the last; null where it is not known.</param>
/// <param name="room">For all bodies that are kept so.</param>
sealed class Overheard(Stream body, long? length, Room room) : PassingBody
{
    private MemoryStream? kept = new();
    private bool hasEnded = length == 0;
    private long taken;

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
        taken += some.Length;
        hasEnded |= isEnd || taken == length;
        if (kept is null)
            return;
        if (kept.Length + some.Length > LiveShadow.LargestBody || !room.TryTake(some.Length))
            Forget();
        else
            kept.Write(some);
    }

    /// <summary>Its room is for others.</summary>
    public void Forget()
    {
        room.Return(kept?.Length ?? 0);
        kept = null;
    }
}
