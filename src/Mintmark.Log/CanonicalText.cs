using System.Buffers;
using System.Text;

namespace Mintmark.Log;

/// <summary>RFC 8785 section 3.2.2.2: escape what must be, in the shortest form; all else is literal UTF-8.</summary>
static class CanonicalText
{
    static readonly SearchValues<char> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(c => (char)c),
        '"',
        '\\',
    ]);

    public static void Write(ArrayBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        output.Write("\""u8);
        while (text.IndexOfAny(Escaped) is var next and >= 0)
        {
            Encoding.UTF8.GetBytes(text[..next], output);
            WriteEscape(output, text[next]);
            text = text[(next + 1)..];
        }
        Encoding.UTF8.GetBytes(text, output);
        output.Write("\""u8);
    }

    static void WriteEscape(ArrayBufferWriter<byte> output, char c)
    {
        var escape = c switch
        {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\b' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\f' => "\\f",
            '\r' => "\\r",
            _ => $"\\u{(int)c:x4}",
        };
        Encoding.UTF8.GetBytes(escape, output);
    }
}
