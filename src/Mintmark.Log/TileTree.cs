namespace Mintmark.Log;

/// <summary>A tree from its leaves, with the tiles above them.</summary>
sealed class TileTree
{
    readonly MerkleTree tree = new();
    readonly List<Tile> upper = [];
    readonly TileStack stack;

    public TileTree() =>
        stack = new TileStack(tile =>
        {
            if (tile.Level > 0)
                upper.Add(tile);
        });

    public long Size => tree.Size;

    public Hash Root => tree.Root;

    public IReadOnlyList<Tile> Upper => upper;

    public void Append(Hash leaf)
    {
        tree.Append(leaf);
        stack.Append(leaf);
    }

    public void Finish() => stack.Finish();
}
