namespace Mintmark.Log;

/// <summary>
/// Checks proofs of RFC 6962, section 2.1, by the algorithms of RFC 9162, sections 2.1.3.2 and 2.1.4.2. Sizes and
/// proofs may come from anybody: a proof that does not fit is a no, never an exception.
/// </summary>
public static class MerkleProof
{
    /// <summary>No proof of a tree with a size that fits into 63 bits is longer.</summary>
    public const int MaxLength = 63;

    /// <summary>
    /// The root of the tree of <paramref name="size"/> leaves that has <paramref name="leaf"/> at
    /// <paramref name="index"/>, from the leaf's sibling up; null where the proof is not as long as such a tree is
    /// high.
    /// </summary>
    public static Hash? RootOf(Hash leaf, long index, long size, ReadOnlySpan<Hash> proof)
    {
        if (index < 0 || index >= size)
            return null;
        var (node, last) = (index, size - 1);
        var root = leaf;
        foreach (var sibling in proof)
        {
            if (last == 0)
                return null;
            if ((node & 1) == 1 || node == last)
            {
                root = Merkle.NodeHash(sibling, root);
                (node, last) = SkipToRightChild(node, last);
            }
            else
            {
                root = Merkle.NodeHash(root, sibling);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 ? root : null;
    }

    /// <summary>
    /// Whether the tree of the later size begins with all leaves of the earlier one, in their order.
    /// </summary>
    public static bool IsPrefix(
        long earlierSize,
        Hash earlierRoot,
        long laterSize,
        Hash laterRoot,
        ReadOnlySpan<Hash> proof
    )
    {
        if (earlierSize < 0 || earlierSize > laterSize || proof.Length > MaxLength)
            return false;
        if (earlierSize == laterSize)
            return proof.IsEmpty && earlierRoot == laterRoot && (laterSize > 0 || laterRoot == Merkle.EmptyRoot);
        // The empty tree is the beginning of any tree: there is nothing to prove.
        if (earlierSize == 0)
            return proof.IsEmpty && earlierRoot == Merkle.EmptyRoot;
        // A perfect tree is a node of the later one, so the proof leaves it out.
        if (long.IsPow2(earlierSize))
            return Connects(earlierSize, earlierRoot, laterSize, laterRoot, [earlierRoot, .. proof]);
        return Connects(earlierSize, earlierRoot, laterSize, laterRoot, proof);
    }

    static bool Connects(long earlierSize, Hash earlierRoot, long laterSize, Hash laterRoot, ReadOnlySpan<Hash> proof)
    {
        if (proof.IsEmpty)
            return false;
        var (node, last) = (earlierSize - 1, laterSize - 1);
        while ((node & 1) == 1)
            (node, last) = (node >> 1, last >> 1);
        var (earlier, later) = (proof[0], proof[0]);
        foreach (var hash in proof[1..])
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                earlier = Merkle.NodeHash(hash, earlier);
                later = Merkle.NodeHash(hash, later);
                (node, last) = SkipToRightChild(node, last);
            }
            else
            {
                later = Merkle.NodeHash(later, hash);
            }
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && earlier == earlierRoot && later == laterRoot;
    }

    /// <summary>At the right edge a node without a sibling stands for its parents up to one that has one.</summary>
    static (long Node, long Last) SkipToRightChild(long node, long last)
    {
        while ((node & 1) == 0 && node != 0)
            (node, last) = (node >> 1, last >> 1);
        return (node, last);
    }
}
