using System.Buffers.Text;
using System.Text;

namespace Mintmark.Gateway.Plain;

/// <summary>Grows as text is added to it, each character a byte.</summary>
sealed class ByteText
{
    private byte[] bytes = new byte[1_024];
    private int length;

    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, length);

    public void Clear() => length = 0;

    public void Add(ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        length += text.Length;
    }

    public void Add(string text) => length += Encoding.Latin1.GetBytes(text, Room(text.Length));

    public void Add(long number)
    {
        Utf8Formatter.TryFormat(number, Room(20), out var written);
        length += written;
    }

    private Span<byte> Room(int more)
    {
        if (bytes.Length - length < more)
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + more));
        return bytes.AsSpan(length);
    }
}
