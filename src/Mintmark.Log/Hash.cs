using System.Buffers;
using System.Buffers.Binary;

namespace Mintmark.Log;

/// <summary>A SHA-256 digest, 32 bytes.</summary>
public readonly record struct Hash
{
    public const int Length = 32;

    readonly ulong a;
    readonly ulong b;
    readonly ulong c;
    readonly ulong d;

    public Hash(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new FormatException($"a hash is {Length} bytes, not {bytes.Length}");
        a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        c = BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]);
        d = BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]);
    }

    /// <summary>Exactly 64 lower-case hexadecimal digits.</summary>
    public static Hash Parse(string hex)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (hex.Length != 2 * Length || Convert.FromHexString(hex, bytes, out _, out _) != OperationStatus.Done)
            throw new FormatException($"'{hex}' is not a hash: {2 * Length} lower-case hexadecimal digits are");
        var hash = new Hash(bytes);
        return hash.ToString() == hex ? hash : throw new FormatException($"'{hex}' is not lower-case");
    }

    /// <exception cref="FormatException">Not 32 bytes in canonical base64.</exception>
    public static Hash FromBase64(string text)
    {
        Span<byte> bytes = stackalloc byte[Length];
        if (!Convert.TryFromBase64String(text, bytes, out var written) || written != Length)
            throw new FormatException($"'{text}' is not a hash in base64");
        var hash = new Hash(bytes);
        return hash.ToBase64() == text ? hash : throw new FormatException($"'{text}' is not canonical base64");
    }

    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], b);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], c);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], d);
    }

    public byte[] ToArray()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    public string ToBase64() => Convert.ToBase64String(ToArray());

    public override string ToString() => Convert.ToHexStringLower(ToArray());
}
