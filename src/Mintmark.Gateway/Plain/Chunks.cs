namespace Mintmark.Gateway.Plain;

/// <summary>
/// Takes a chunked body apart (RFC 9112, section 7.1): strict, and each line bounded. Trailers are checked and dropped.
/// </summary>
struct Chunks
{
    private const int LongestLine = 1_024;
    private const int MostTrailers = 32;

    /// <summary>Of a chunk's size: more than 2^60 bytes are no chunk.</summary>
    private const int MostDigits = 15;

    private Part part;
    private long left;
    private int trailers;

    private enum Part
    {
        Size,
        Content,
        AfterContent,
        Trailer,
        Done,
    }

    public readonly bool IsDone => part == Part.Done;

    /// <summary>Goes on where it was: takes one step of what has come.</summary>
    /// <param name="taken">How many bytes were understood; 0 where more must come first.</param>
    /// <returns>Of these, the content.</returns>
    /// <exception cref="UnclearAnswerException">It is not chunked as it should be.</exception>
    public ReadOnlySpan<byte> Read(ReadOnlySpan<byte> bytes, out int taken)
    {
        if (part == Part.Content)
        {
            taken = (int)Math.Min(left, bytes.Length);
            left -= taken;
            if (left == 0)
                part = Part.AfterContent;
            return bytes[..taken];
        }
        taken = 0;
        if (part == Part.Done || !Syntax.TryLine(bytes, LongestLine, out var line))
            return default;
        taken = line.Length + 2;
        switch (part)
        {
            case Part.Size:
                left = SizeOf(line);
                part = left == 0 ? Part.Trailer : Part.Content;
                break;
            case Part.AfterContent when line.IsEmpty:
                part = Part.Size;
                break;
            case Part.AfterContent:
                throw new UnclearAnswerException("a chunk is longer than it says");
            case Part.Trailer when line.IsEmpty:
                part = Part.Done;
                break;
            case Part.Trailer:
                _ = Syntax.Field(line);
                if (++trailers > MostTrailers)
                    throw new UnclearAnswerException("it has too many trailers");
                break;
        }
        return default;
    }

    private static long SizeOf(ReadOnlySpan<byte> line)
    {
        var extension = line.IndexOf((byte)';');
        var digits = extension < 0 ? line : line[..extension];
        if (digits.IsEmpty || digits.Length > MostDigits || !Syntax.IsText(line))
            throw new UnclearAnswerException("a chunk's size is no number");
        var size = 0L;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiHexDigit((char)digit))
                throw new UnclearAnswerException("a chunk's size is no number");
            size = size * 16 + (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }
        return size;
    }
}
