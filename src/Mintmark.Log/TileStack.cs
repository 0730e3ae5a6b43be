namespace Mintmark.Log;

/// <summary>Leaves in, tiles out: a full tile as soon as it is full, the partial ones at the end.</summary>
sealed class TileStack(Action<Tile> emit)
{
    readonly List<(List<Hash> Hashes, long Number)> levels = [];

    public void Append(Hash leaf) => Append(0, leaf);

    void Append(int level, Hash hash)
    {
        if (level == levels.Count)
            levels.Add(([], 0));
        var (hashes, number) = levels[level];
        hashes.Add(hash);
        if (hashes.Count < Tile.Width)
            return;
        var tile = new Tile(level, number, [.. hashes]);
        hashes.Clear();
        levels[level] = (hashes, number + 1);
        emit(tile);
        Append(level + 1, tile.Root);
    }

    public void Finish()
    {
        for (var level = 0; level < levels.Count; level++)
            if (levels[level] is ({ Count: > 0 } hashes, var number))
                emit(new Tile(level, number, [.. hashes]));
    }
}
