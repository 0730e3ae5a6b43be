using System.Text;

namespace Mintmark.Log;

sealed class ExportWriter(string directory, HandoverReader? handovers)
{
    public void Write(ILogStorage storage, string note, string verifierText)
    {
        using var verifier = Parse(verifierText);
        using var keys = new KeyChain(verifier, null, handovers);
        var tree = new MerkleTree();
        var tiles = new TileStack(tile => Write(tile.Path, tile.Encode()));
        var bodies = new List<byte[]>(Tile.Width);
        foreach (var entry in storage.Read(0))
        {
            Require(entry, tree.Size);
            tree.Append(entry.Leaf);
            keys.Pass(entry.Index, entry.Body);
            tiles.Append(entry.Leaf);
            bodies.Add(entry.Body);
            if (bodies.Count == Tile.Width)
                WriteBundle(tree.Size, bodies);
        }
        if (bodies.Count > 0)
            WriteBundle(tree.Size, bodies);
        tiles.Finish();
        var checkpoint = keys.Open(note);
        if (tree.Size != checkpoint.Size || tree.Root != checkpoint.Root)
            throw new LogCorruptException("the entries are not those that the checkpoint signs: verify the log", null);
        Write(LogExport.KeyFile, Encoding.UTF8.GetBytes(LogExport.KeyText(verifierText)));
        Write(LogExport.CheckpointFile, Encoding.UTF8.GetBytes(note));
    }

    static LogVerifier Parse(string verifierText)
    {
        try
        {
            return LogVerifier.Parse(verifierText);
        }
        catch (FormatException e)
        {
            throw new LogCorruptException($"the log's own key: {e.Message}", null, e);
        }
    }

    static void Require(StoredEntry entry, long index)
    {
        if (entry.Index != index)
            throw new LogCorruptException("it is missing", index);
        if (entry.Body.Length > MerkleLog.MaxEntryLength || Merkle.LeafHash(entry.Body) != entry.Leaf)
            throw new LogCorruptException("its body does not hash to its leaf", index);
    }

    void WriteBundle(long end, List<byte[]> bodies)
    {
        var number = (end - 1) / Tile.Width;
        Write(EntryBundle.PathOf(number, bodies.Count), EntryBundle.Encode(bodies));
        bodies.Clear();
    }

    void Write(string path, byte[] content)
    {
        var file = Path.Combine(directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, content);
    }
}
