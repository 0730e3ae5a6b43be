namespace Mintmark.Log;

/// <summary>
/// That some leaves, all of a range and in their order, stand where they are said to stand in a tree: the roots of the
/// largest subtrees beside them, from left to right. With the leaves they make the root, and leave no place between.
/// </summary>
public static class RangeProof
{
    /// <exception cref="ArgumentOutOfRangeException">The tree has no such range.</exception>
    public static IReadOnlyList<Hash> Of(TreeNodes nodes, long from, long to, long size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, nodes.Size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(to, size);
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(from, to);
        var proof = new List<Hash>();
        Collect(nodes, (from, to), (0, size), proof);
        return proof;
    }

    /// <summary>
    /// The root of the tree of <paramref name="size"/> leaves that has these from <paramref name="from"/> on; null
    /// where the proof is not one of such a range.
    /// </summary>
    public static Hash? RootOf(IReadOnlyList<Hash> leaves, long from, long size, IReadOnlyList<Hash> proof)
    {
        // In this order nothing overflows.
        if (from < 0 || leaves.Count == 0 || size < leaves.Count || from > size - leaves.Count)
            return null;
        var next = 0;
        var root = Fold(leaves, from, (0, size), proof, ref next);
        return next == proof.Count ? root : null;
    }

    static void Collect(TreeNodes nodes, (long From, long To) range, (long From, long To) tree, List<Hash> proof)
    {
        if (IsBeside(range, tree))
        {
            proof.Add(nodes.Subtree(tree.From, tree.To));
            return;
        }
        // What lies inside altogether is made of the leaves.
        if (tree.From >= range.From && tree.To <= range.To)
            return;
        var split = tree.From + TreeNodes.Split(tree.To - tree.From);
        Collect(nodes, range, (tree.From, split), proof);
        Collect(nodes, range, (split, tree.To), proof);
    }

    // As deep as the tree is high, and beside the leaves it takes two steps a level.
    static Hash? Fold(
        IReadOnlyList<Hash> leaves,
        long from,
        (long From, long To) tree,
        IReadOnlyList<Hash> proof,
        ref int next
    )
    {
        if (IsBeside((from, from + leaves.Count), tree))
            return next < proof.Count ? proof[next++] : null;
        if (tree.To - tree.From == 1)
            return leaves[(int)(tree.From - from)];
        var split = tree.From + TreeNodes.Split(tree.To - tree.From);
        var left = Fold(leaves, from, (tree.From, split), proof, ref next);
        var right = Fold(leaves, from, (split, tree.To), proof, ref next);
        return left is { } l && right is { } r ? Merkle.NodeHash(l, r) : null;
    }

    static bool IsBeside((long From, long To) range, (long From, long To) tree) =>
        tree.To <= range.From || tree.From >= range.To;
}
