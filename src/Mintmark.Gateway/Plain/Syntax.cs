using System.Buffers;
using System.Text;

namespace Mintmark.Gateway.Plain;

/// <summary>Which bytes may stand where (RFC 9110, section 5).</summary>
static class Syntax
{
    private const string TokenCharacters =
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<byte> Token = SearchValues.Create(Encoding.ASCII.GetBytes(TokenCharacters));
    private static readonly SearchValues<char> TokenText = SearchValues.Create(TokenCharacters);

    private static readonly SearchValues<byte> Control = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Where(b => b != '\t').Append(0x7F).Select(b => (byte)b),
    ]);

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(Token);

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenText);

    public static bool IsText(ReadOnlySpan<byte> text) => !text.ContainsAny(Control);

    /// <summary>Without its line end; false where the line has not all come yet.</summary>
    /// <param name="limit">Bytes of a line, its end included.</param>
    /// <exception cref="UnclearAnswerException">It is too long, or ends without CR.</exception>
    public static bool TryLine(ReadOnlySpan<byte> bytes, int limit, out ReadOnlySpan<byte> line)
    {
        var end = bytes.IndexOf((byte)'\n');
        line = default;
        if (end >= limit || (end < 0 && bytes.Length >= limit))
            throw new UnclearAnswerException("a line is too long");
        if (end < 0)
            return false;
        if (end == 0 || bytes[end - 1] != '\r')
            throw new UnclearAnswerException("a line ends without CR");
        line = bytes[..(end - 1)];
        return true;
    }

    /// <exception cref="UnclearAnswerException">The line is no field.</exception>
    public static (Range Name, Range Value) Field(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        // A name of nothing but token bytes also excludes folded lines and space before the colon.
        if (colon <= 0 || !IsToken(line[..colon]))
            throw new UnclearAnswerException("a header has no proper name");
        var value = line[(colon + 1)..];
        if (!IsText(value))
            throw new UnclearAnswerException("a header has control characters in it");
        var lead = value.Length - value.TrimStart(" \t"u8).Length;
        var length = value.Trim(" \t"u8).Length;
        return (..colon, (colon + 1 + lead)..(colon + 1 + lead + length));
    }

    public static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lowercase) =>
        Ascii.EqualsIgnoreCase(text, lowercase);
}
