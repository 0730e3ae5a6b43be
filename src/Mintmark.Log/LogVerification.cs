namespace Mintmark.Log;

public static class LogVerification
{
    /// <summary>Every body, leaf and checkpoint of a log that nobody writes to meanwhile, or of a snapshot.</summary>
    public static LogReport Verify(ILogStorage storage, LogVerifier verifier) => new LogAudit(storage, verifier).Run();

    /// <summary>As much as a start needs: every leaf, and the root under the latest checkpoint.</summary>
    internal static MerkleTree Load(ILogStorage storage, LogVerifier verifier)
    {
        var tree = new MerkleTree();
        foreach (var (entries, hold) in EntryChunks.Each(storage.Read(0), WithLeaves))
        {
            if (!hold || entries[0].Index != tree.Size)
                throw Located(storage, verifier);
            foreach (var entry in entries)
                tree.Append(entry.Leaf);
        }
        return IsSigned(tree, storage.Checkpoint, verifier) ? tree : throw Located(storage, verifier);
    }

    static (StoredEntry[] Entries, bool Hold) WithLeaves(StoredEntry[] entries)
    {
        var next = entries[0].Index;
        return (entries, Array.TrueForAll(entries, e => e.Index == next++ && Merkle.LeafHash(e.Body) == e.Leaf));
    }

    static bool IsSigned(MerkleTree tree, string? note, LogVerifier verifier)
    {
        if (note is null)
            return tree.Size == 0;
        var checkpoint = verifier.Open(note);
        return checkpoint.Size == tree.Size && checkpoint.Root == tree.Root;
    }

    static LogCorruptException Located(ILogStorage storage, LogVerifier verifier)
    {
        var finding = Verify(storage, verifier).Findings is [var first, ..] ? first : null;
        var what = finding?.What ?? "the root is not the one that was signed";
        return new LogCorruptException($"{what}; restore the log from a backup or an export", finding?.Index);
    }
}
