namespace Mintmark.Log;

/// <summary>Up to 256 consecutive hashes at one level of the tree, as c2sp.org/tlog-tiles lays them out.</summary>
sealed record Tile(int Level, long Number, Hash[] Hashes)
{
    public const int Width = 256;

    public string Path => PathOf(Level.ToString(), Number, Hashes.Length);

    /// <summary>The first entry below a hash of this tile.</summary>
    public long FirstEntry(int hash) => (Number * Width + hash) << (8 * Level);

    public Hash Root
    {
        get
        {
            var tree = new MerkleTree();
            foreach (var hash in Hashes)
                tree.Append(hash);
            return tree.Root;
        }
    }

    public byte[] Encode()
    {
        var bytes = new byte[Hashes.Length * Hash.Length];
        for (var i = 0; i < Hashes.Length; i++)
            Hashes[i].CopyTo(bytes.AsSpan(i * Hash.Length));
        return bytes;
    }

    public static string PathOf(string kind, long number, int width)
    {
        var path = $"{number % 1000:000}";
        for (var rest = number / 1000; rest > 0; rest /= 1000)
            path = $"x{rest % 1000:000}/{path}";
        return width == Width ? $"tile/{kind}/{path}" : $"tile/{kind}/{path}.p/{width}";
    }
}
