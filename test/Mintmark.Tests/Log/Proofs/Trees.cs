using Mintmark.Log;

namespace Mintmark.Tests.Log;

/// <summary>Trees and proofs by the recursive definitions of RFC 6962, section 2.1, word for word.</summary>
static class Trees
{
    /// <summary>The test vectors of the Certificate Transparency reference implementation of RFC 6962.</summary>
    public static readonly string[] Vectors =
    [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ];

    public static Hash[] OfVectors() => [.. Vectors.Select(hex => Merkle.LeafHash(Convert.FromHexString(hex)))];

    public static Hash[] Leaves(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Merkle.LeafHash(BitConverter.GetBytes(i)))];

    public static TreeNodes Nodes(ReadOnlySpan<Hash> leaves)
    {
        var nodes = new TreeNodes();
        foreach (var leaf in leaves)
            nodes.Append(leaf);
        return nodes;
    }

    public static Hash Root(ReadOnlySpan<Hash> leaves)
    {
        if (leaves.Length < 2)
            return leaves.Length == 0 ? Merkle.EmptyRoot : leaves[0];
        var k = Split(leaves.Length);
        return Merkle.NodeHash(Root(leaves[..k]), Root(leaves[k..]));
    }

    public static Hash[] Path(int m, ReadOnlySpan<Hash> leaves)
    {
        if (leaves.Length == 1)
            return [];
        var k = Split(leaves.Length);
        return m < k ? [.. Path(m, leaves[..k]), Root(leaves[k..])] : [.. Path(m - k, leaves[k..]), Root(leaves[..k])];
    }

    public static Hash[] Subproof(int m, ReadOnlySpan<Hash> leaves, bool isWhole = true)
    {
        if (m == leaves.Length)
            return isWhole ? [] : [Root(leaves)];
        var k = Split(leaves.Length);
        return m <= k
            ? [.. Subproof(m, leaves[..k], isWhole), Root(leaves[k..])]
            : [.. Subproof(m - k, leaves[k..], false), Root(leaves[..k])];
    }

    static int Split(int length)
    {
        var split = 1;
        while (split * 2 < length)
            split *= 2;
        return split;
    }
}
