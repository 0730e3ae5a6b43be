using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Text;

namespace Mintmark.Gateway.Lines;

/// <summary>
/// Writes a flat JSON object and a line feed, without allocating. Who calls sees to it that there is room.
/// </summary>
ref struct JsonLine(Span<byte> into)
{
    private const string Cut = "\u2026";

    private static readonly SearchValues<char> Plain = SearchValues.Create([
        .. Enumerable.Range(' ', '~' - ' ' + 1).Select(c => (char)c).Except(['"', '\\']),
    ]);

    private readonly Span<byte> into = into;
    private int length;

    public void Add(ReadOnlySpan<byte> name, string? text)
    {
        if (text is not null)
            Add(name, text, int.MaxValue);
    }

    /// <param name="longest">In characters; the rest is cut off, and an ellipsis says so.</param>
    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<char> text, int longest)
    {
        Name(name);
        Put((byte)'"');
        if (text.Length > longest)
        {
            Escape(text[..longest]);
            length += Encoding.UTF8.GetBytes(Cut, into[length..]);
        }
        else
        {
            Escape(text);
        }
        Put((byte)'"');
    }

    public void Add(ReadOnlySpan<byte> name, long? number)
    {
        if (number is not { } some)
            return;
        Name(name);
        Utf8Formatter.TryFormat(some, into[length..], out var written);
        length += written;
    }

    /// <param name="time">UTC.</param>
    public void Add(ReadOnlySpan<byte> name, DateTime time)
    {
        Name(name);
        Put((byte)'"');
        Utf8Formatter.TryFormat(time, into[length..], out var written, new StandardFormat('O'));
        length += written;
        Put((byte)'"');
    }

    public void Add(ReadOnlySpan<byte> name, IPAddress address)
    {
        Name(name);
        Put((byte)'"');
        address.TryFormat(into[length..], out var written);
        length += written;
        Put((byte)'"');
    }

    /// <summary>Sixteen hexadecimal digits.</summary>
    public void AddDigest(ReadOnlySpan<byte> name, ulong digest)
    {
        Name(name);
        Put((byte)'"');
        Utf8Formatter.TryFormat(digest, into[length..], out var written, new StandardFormat('x', 16));
        length += written;
        Put((byte)'"');
    }

    /// <returns>How many bytes it is, its line feed included.</returns>
    public int End()
    {
        Put((byte)'}');
        Put((byte)'\n');
        return length;
    }

    private void Name(ReadOnlySpan<byte> name)
    {
        Put(length == 0 ? (byte)'{' : (byte)',');
        Put((byte)'"');
        name.CopyTo(into[length..]);
        length += name.Length;
        Put((byte)'"');
        Put((byte)':');
    }

    private void Put(byte one) => into[length++] = one;

    private void Escape(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            if (plain < 0)
                plain = text.Length;
            length += Encoding.ASCII.GetBytes(text[..plain], into[length..]);
            if (plain == text.Length)
                return;
            "\\u"u8.CopyTo(into[length..]);
            Utf8Formatter.TryFormat((ushort)text[plain], into[(length + 2)..], out _, new StandardFormat('x', 4));
            length += "\\u0000".Length;
            text = text[(plain + 1)..];
        }
    }
}
