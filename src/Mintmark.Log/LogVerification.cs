namespace Mintmark.Log;

public static class LogVerification
{
    /// <summary>Every body, leaf and checkpoint of a log that nobody writes to meanwhile, or of a snapshot.</summary>
    /// <param name="verifier">The first keys of the log.</param>
    /// <param name="handovers">Where its entries hand the key over; without it, the first keys sign all.</param>
    public static LogReport Verify(ILogStorage storage, LogVerifier verifier, HandoverReader? handovers = null)
    {
        using var keys = new KeyChain(verifier, null, handovers);
        return new LogAudit(storage, keys).Run();
    }

    /// <summary>The keys that sign at the end of a log, by what its entries hand over.</summary>
    /// <param name="first">The first keys of the log.</param>
    /// <exception cref="LogCorruptException">A handover does not hold.</exception>
    public static LogVerifier PresentKeys(ILogStorage storage, LogVerifier first, HandoverReader handovers)
    {
        using var keys = new KeyChain(first, null, handovers);
        foreach (var entry in storage.Read(0))
            keys.Pass(entry.Index, entry.Body);
        return LogVerifier.Parse(keys.Present.VerifierText);
    }

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
        // Checkpoints of an earlier key are findings here, and name no entry.
        var findings = Verify(storage, verifier).Findings;
        var finding = findings.FirstOrDefault(f => f.Index is not null) ?? (findings.Count > 0 ? findings[0] : null);
        var what = finding?.What ?? "the root is not the one that was signed";
        return new LogCorruptException($"{what}; restore the log from a backup or an export", finding?.Index);
    }
}
