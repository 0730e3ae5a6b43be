namespace Mintmark.Gateway.Lines;

/// <summary>
/// Lines that wait to be written. Of its two buffers one is filled while the other is written to disk: nobody who fills
/// waits for a disk, nor for another who fills.
/// </summary>
sealed class Stripe
{
    private const int Bytes = 256 << 10;

    private readonly Lock changing = new();
    private byte[] filling = GC.AllocateUninitializedArray<byte>(Bytes);
    private byte[] written = GC.AllocateUninitializedArray<byte>(Bytes);
    private int length;

    /// <summary>False where somebody else has it just now, or where it is full.</summary>
    /// <param name="isHalfFull">It just came to be.</param>
    public bool TryAdd(in AccessLine line, out bool isHalfFull)
    {
        isHalfFull = false;
        if (!changing.TryEnter())
            return false;
        try
        {
            if (filling.Length - length < AccessLine.Longest)
                return false;
            var before = length;
            length += line.Write(filling.AsSpan(length));
            isHalfFull = before < Bytes / 2 && length >= Bytes / 2;
            return true;
        }
        finally
        {
            changing.Exit();
        }
    }

    /// <summary>What has been added since the last call; good until the next.</summary>
    public ReadOnlySpan<byte> Take()
    {
        lock (changing)
        {
            (filling, written) = (written, filling);
            var taken = written.AsSpan(0, length);
            length = 0;
            return taken;
        }
    }
}
