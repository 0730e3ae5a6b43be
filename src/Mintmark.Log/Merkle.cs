using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>The hashing of RFC 6962, section 2.1. The prefixes keep leaves and nodes apart.</summary>
public static class Merkle
{
    const byte LeafPrefix = 0;
    const byte NodePrefix = 1;
    const int OnStack = 2048;

    public static Hash EmptyRoot { get; } = new(SHA256.HashData([]));

    public static Hash LeafHash(ReadOnlySpan<byte> body)
    {
        var length = body.Length + 1;
        var buffer = length <= OnStack ? stackalloc byte[OnStack] : new byte[length];
        buffer[0] = LeafPrefix;
        body.CopyTo(buffer[1..]);
        return Digest(buffer[..length]);
    }

    public static Hash NodeHash(Hash left, Hash right)
    {
        Span<byte> buffer = stackalloc byte[1 + (2 * Hash.Length)];
        buffer[0] = NodePrefix;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + Hash.Length)..]);
        return Digest(buffer);
    }

    static Hash Digest(ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[Hash.Length];
        SHA256.HashData(bytes, digest);
        return new Hash(digest);
    }
}
