namespace Mintmark.Log;

/// <summary>
/// The right edge of an RFC 6962 tree: one root for each perfect subtree, that is one for each bit of the size.
/// </summary>
public sealed class MerkleTree
{
    readonly Hash[] subtrees;

    public MerkleTree()
        : this(new Hash[63], 0) { }

    MerkleTree(Hash[] subtrees, long size)
    {
        this.subtrees = subtrees;
        Size = size;
    }

    public long Size { get; private set; }

    public Hash Root
    {
        get
        {
            Hash? root = null;
            for (var height = 0; Size >> height != 0; height++)
                if (IsFull(height))
                    root = root is { } right ? Merkle.NodeHash(subtrees[height], right) : subtrees[height];
            return root ?? Merkle.EmptyRoot;
        }
    }

    public void Append(Hash leaf)
    {
        var height = 0;
        for (; IsFull(height); height++)
            leaf = Merkle.NodeHash(subtrees[height], leaf);
        subtrees[height] = leaf;
        Size++;
    }

    public MerkleTree Copy() => new([.. subtrees], Size);

    bool IsFull(int height) => (Size >> height & 1) == 1;
}
