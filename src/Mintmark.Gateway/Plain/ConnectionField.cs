using System.Text;

namespace Mintmark.Gateway.Plain;

/// <summary>
/// How the web server reads the value of <c>Connection</c>. Where it finds one of <c>close</c>, <c>keep-alive</c> and
/// <c>upgrade</c> it forgets all that is named beside it, so what was meant for this hop alone would be passed on. Two
/// of its words it leaves as they are. So <c>keep-alive</c>, which changes nothing there, is put before <c>close</c>
/// and <c>upgrade</c>, and taken off where other names are beside it: HTTP/1.1 keeps a connection anyhow.
/// </summary>
/// <remarks>A <c>keep-alive</c> in a line of its own still makes it forget what other lines name.</remarks>
sealed class ConnectionField : Encoding
{
    public static readonly ConnectionField Instance = new();

    private const string KeepAlive = "keep-alive";

    public override int GetCharCount(byte[] bytes, int index, int count) => Read(bytes.AsSpan(index, count)).Length;

    /// <exception cref="DecoderFallbackException">There is a NUL, which Kestrel answers with 400.</exception>
    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex)
    {
        var read = Read(bytes.AsSpan(byteIndex, byteCount));
        read.CopyTo(0, chars, charIndex, read.Length);
        return read.Length;
    }

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetMaxByteCount(int charCount) => charCount;

    public override int GetMaxCharCount(int byteCount) => byteCount + KeepAlive.Length + ", ".Length;

    private static string Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Contains((byte)0))
            throw new DecoderFallbackException("a NUL in Connection");
        var value = Latin1.GetString(bytes);
        var words = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.All(word => Is(word, KeepAlive)))
            return value;
        return words.Any(word => Is(word, "close") || Is(word, "upgrade"))
            ? $"{KeepAlive}, {value}"
            : string.Join(", ", words.Where(word => !Is(word, KeepAlive)));
    }

    private static bool Is(string word, string other) => word.Equals(other, StringComparison.OrdinalIgnoreCase);
}
