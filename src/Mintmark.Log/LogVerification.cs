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

    /// <summary>As much as a start needs: every leaf, the root under the latest checkpoint, and that the key signs on.
    /// </summary>
    internal static MerkleTree Load(ILogStorage storage, LogVerifier verifier, HandoverReader? handovers)
    {
        var tree = new MerkleTree();
        StoredEntry? last = null;
        foreach (var (entries, hold, handover) in EntryChunks.Each(storage.Read(0), chunk => Look(chunk, handovers)))
        {
            if (!hold || entries[0].Index != tree.Size)
                throw Located(storage, verifier);
            foreach (var entry in entries)
                tree.Append(entry.Leaf);
            last = handover ?? last;
        }
        // The checkpoint of a handover is signed by the key before, too, which would open the log for it.
        if (last is { } given && !Names(given, handovers!, verifier))
        {
            throw new LogStorageException(
                $"the key here was handed over in entry {given.Index} and signs no more: copy log/key.pem of the home "
                    + "that rotated it into the log/ of this one (or its key.pem.next, as key.pem, where that is there)"
            );
        }
        return IsSigned(tree, storage.Checkpoint, verifier) ? tree : throw Located(storage, verifier);
    }

    /// <summary>Whether the log's last handover is to this key.</summary>
    internal static bool HandedTo(ILogStorage storage, LogVerifier key, HandoverReader handovers)
    {
        var last = EntryChunks
            .Each(storage.Read(0), chunk => Look(chunk, handovers).Handover)
            .LastOrDefault(h => h is not null);
        return last is { } handover && Names(handover, handovers, key);
    }

    static bool Names(StoredEntry handover, HandoverReader handovers, LogVerifier key)
    {
        try
        {
            return KeyHandover.Names(handovers(handover.Body)!, key);
        }
        catch (FormatException e)
        {
            throw new LogCorruptException($"its handover of the key does not hold: {e.Message}", handover.Index, e);
        }
    }

    static (StoredEntry[] Entries, bool Hold, StoredEntry? Handover) Look(
        StoredEntry[] entries,
        HandoverReader? handovers
    )
    {
        var next = entries[0].Index;
        var hold = Array.TrueForAll(entries, e => e.Index == next++ && Merkle.LeafHash(e.Body) == e.Leaf);
        var handover = handovers is null ? -1 : Array.FindLastIndex(entries, e => handovers(e.Body) is not null);
        return (entries, hold, handover < 0 ? null : entries[handover]);
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
