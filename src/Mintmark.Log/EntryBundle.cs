using System.Buffers.Binary;

namespace Mintmark.Log;

/// <summary>The entries of a level-0 tile, each after its length in two bytes, most significant first.</summary>
static class EntryBundle
{
    const int PrefixLength = 2;

    public static string PathOf(long number, int width) => Tile.PathOf("entries", number, width);

    public static byte[] Encode(IReadOnlyList<byte[]> bodies)
    {
        var bytes = new byte[bodies.Sum(body => PrefixLength + body.Length)];
        var rest = bytes.AsSpan();
        foreach (var body in bodies)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, checked((ushort)body.Length));
            body.CopyTo(rest[PrefixLength..]);
            rest = rest[(PrefixLength + body.Length)..];
        }
        return bytes;
    }

    /// <summary>
    /// As many entries as can be told; whole if these are all that the width asks, and nothing is left.
    /// </summary>
    public static (List<byte[]> Bodies, bool IsWhole) Decode(ReadOnlySpan<byte> bytes, int width)
    {
        var bodies = new List<byte[]>(width);
        while (bodies.Count < width && bytes.Length >= PrefixLength)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bytes);
            if (bytes.Length - PrefixLength < length)
                break;
            bodies.Add(bytes.Slice(PrefixLength, length).ToArray());
            bytes = bytes[(PrefixLength + length)..];
        }
        return (bodies, bodies.Count == width && bytes.IsEmpty);
    }
}
