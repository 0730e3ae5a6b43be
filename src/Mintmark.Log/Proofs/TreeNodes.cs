namespace Mintmark.Log;

/// <summary>
/// The hashes of all perfect subtrees, 64 bytes a leaf, so that a proof is mostly looked up: of its hashes at most one
/// for inclusion and one more for consistency are computed, at the right edge. Not for several threads at once.
/// </summary>
public sealed class TreeNodes
{
    /// <summary>By height; the node at <c>[h][i]</c> is over the leaves from <c>i &lt;&lt; h</c> on.</summary>
    readonly List<List<Hash>> levels =
    [
        [],
    ];

    /// <summary>Roots that are no nodes, all ending at one leaf: most proofs are asked for one size of tree.</summary>
    readonly Hash?[] edge = new Hash?[MerkleProof.MaxLength];
    long edgeOf;

    public long Size => levels[0].Count;

    public void Append(Hash leaf)
    {
        levels[0].Add(leaf);
        for (var height = 0; levels[height].Count % 2 == 0; height++)
        {
            if (height + 1 == levels.Count)
                levels.Add([]);
            var children = levels[height];
            levels[height + 1].Add(Merkle.NodeHash(children[^2], children[^1]));
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">There are not so many leaves.</exception>
    public Hash Root(long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        return size == 0 ? Merkle.EmptyRoot : Root(0, size);
    }

    /// <summary>PATH(index, D[size]) of RFC 6962, section 2.1.1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf in such a tree.</exception>
    public Hash[] Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, Size);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var proof = new HashStack(stackalloc Hash[MerkleProof.MaxLength]);
        var (from, to) = (0L, size);
        while (to - from > 1)
        {
            var split = from + Split(to - from);
            proof.Push(index < split ? Root(split, to) : Root(from, split));
            (from, to) = index < split ? (from, split) : (split, to);
        }
        return proof.LastFirst();
    }

    /// <summary>PROOF(earlier, D[later]) of RFC 6962, section 2.1.2; empty where the earlier tree is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are no such trees.</exception>
    public Hash[] Consistency(long earlier, long later)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(later, Size);
        ArgumentOutOfRangeException.ThrowIfNegative(earlier);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(earlier, later);
        var proof = new HashStack(stackalloc Hash[MerkleProof.MaxLength + 1]);
        if (earlier == 0)
            return [];
        var (from, to) = (0L, later);
        while (earlier != to)
        {
            var split = from + Split(to - from);
            proof.Push(earlier <= split ? Root(split, to) : Root(from, split));
            (from, to) = earlier <= split ? (from, split) : (split, to);
        }
        // What is left is a node of both trees; where it is the whole earlier one, the reader has its hash.
        if (from > 0)
            proof.Push(Root(from, to));
        return proof.LastFirst();
    }

    /// <summary>The hashes of a tile, 32 bytes each.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many leaves.</exception>
    public byte[] Tile(TileName name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.End, Size, nameof(name));
        var hashes = levels[name.Level * TileName.LevelsATile];
        var first = (int)(name.Number * TileName.FullWidth);
        var bytes = new byte[name.Width * Hash.Length];
        for (var i = 0; i < name.Width; i++)
            hashes[first + i].CopyTo(bytes.AsSpan(i * Hash.Length));
        return bytes;
    }

    /// <summary>Of the leaves between, which must be a subtree of some tree.</summary>
    internal Hash Subtree(long from, long to) => Root(from, to);

    /// <summary>Starts at a multiple of the smallest power of two that is not below its length.</summary>
    Hash Root(long from, long to)
    {
        if (long.IsPow2(to - from))
        {
            var height = (int)long.Log2(to - from);
            return levels[height][(int)(from >> height)];
        }
        if (to != edgeOf)
        {
            edgeOf = to;
            Array.Clear(edge);
        }
        // Of the subtrees that end there, no two that are no nodes are as high.
        return edge[(int)long.Log2(to - from)] ??= RootOfTwo(from, to);
    }

    Hash RootOfTwo(long from, long to)
    {
        var split = from + Split(to - from);
        return Merkle.NodeHash(Root(from, split), Root(split, to));
    }

    /// <summary>The largest power of two below the length, of at least two.</summary>
    internal static long Split(long length) => 1L << (int)long.Log2(length - 1);

    ref struct HashStack(Span<Hash> room)
    {
        readonly Span<Hash> room = room;
        int count;

        public void Push(Hash hash) => room[count++] = hash;

        public readonly Hash[] LastFirst()
        {
            var hashes = room[..count].ToArray();
            Array.Reverse(hashes);
            return hashes;
        }
    }
}
