using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>The hashing of RFC 6962, section 2.1. The prefixes keep leaves and nodes apart.</summary>
public static class Merkle
{
    const byte LeafPrefix = 0;
    const byte NodePrefix = 1;

    public static Hash EmptyRoot { get; } = new(SHA256.HashData([]));

    public static Hash LeafHash(ReadOnlySpan<byte> body) => Sha256.Digest(LeafPrefix, body);

    public static Hash NodeHash(Hash left, Hash right)
    {
        Span<byte> children = stackalloc byte[2 * Hash.Length];
        left.CopyTo(children);
        right.CopyTo(children[Hash.Length..]);
        return Sha256.Digest(NodePrefix, children);
    }
}
