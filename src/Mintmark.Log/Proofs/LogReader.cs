namespace Mintmark.Log;

/// <summary>
/// Proofs and tiles of a log, whether or not a writer appends to it meanwhile. What it gives out is under a checkpoint
/// whose root the entries have. The signature it leaves to whoever gets the checkpoint. For any thread.
/// </summary>
/// <param name="storage">Not owned.</param>
public sealed class LogReader(ILogStorage storage)
{
    readonly Lock reading = new();
    readonly TreeNodes nodes = new();
    (Checkpoint Checkpoint, string Note)? latest;

    /// <summary>The latest checkpoint, with its note as it was signed; null as long as the log is empty.</summary>
    /// <exception cref="LogCorruptException">The entries are not what was signed.</exception>
    public (Checkpoint Checkpoint, string Note)? Latest()
    {
        lock (reading)
        {
            CatchUp();
            return latest;
        }
    }

    /// <summary>With the entry as extra data; null where there is no such entry.</summary>
    /// <param name="under">The note of an earlier checkpoint, say because witnesses cosigned it; where the entry came
    /// after it, or it is none of this log, the proof is under the latest.</param>
    /// <exception cref="LogCorruptException">The entries are not what was signed.</exception>
    public InclusionProof? Prove(long index, string? under = null)
    {
        InclusionProof proof;
        lock (reading)
        {
            CatchUp();
            if (latest is not var (checkpoint, note) || index < 0 || index >= checkpoint.Size)
                return null;
            var earlier = under is null ? null : Earlier(under, index);
            proof = new InclusionProof(
                index,
                nodes.Inclusion(index, (earlier ?? checkpoint).Size),
                earlier is null ? note : under!
            );
        }
        return proof with { Extra = storage.Read(index).First().Body };
    }

    /// <returns>Null where the log has no trees of such sizes.</returns>
    public Hash[]? Consistency(long earlier, long later)
    {
        lock (reading)
        {
            if (later > Known)
                CatchUp();
            return earlier >= 0 && earlier <= later && later <= Known ? nodes.Consistency(earlier, later) : null;
        }
    }

    /// <summary>Hashes of 32 bytes each; null where the log has no such tile.</summary>
    public byte[]? Tile(TileName name)
    {
        lock (reading)
        {
            if (name.End > Known)
                CatchUp();
            return name.End <= Known ? nodes.Tile(name) : null;
        }
    }

    /// <summary>Entries, each after its length in two bytes; null where the log has no such bundle.</summary>
    public byte[]? Entries(TileName name)
    {
        if (name.Level != 0 || Tile(name) is not { } hashes)
            return null;
        var bodies = new List<byte[]>(name.Width);
        foreach (var entry in storage.Read(name.Number * TileName.FullWidth).Take(name.Width))
        {
            // Read again from the disk, so held again against the hash that the checkpoint is over.
            var hash = new Hash(hashes.AsSpan(bodies.Count * Hash.Length, Hash.Length));
            if (Merkle.LeafHash(entry.Body) != hash)
                throw new LogCorruptException("its body does not hash to its leaf", entry.Index);
            bodies.Add(entry.Body);
        }
        return EntryBundle.Encode(bodies);
    }

    Checkpoint? Earlier(string note, long index)
    {
        var earlier = Checkpoint.OfNote(note);
        return index < earlier.Size && earlier.Size <= Known && nodes.Root(earlier.Size) == earlier.Root
            ? earlier
            : null;
    }

    /// <summary>As far as a checkpoint was found to be over what is here.</summary>
    long Known => latest?.Checkpoint.Size ?? 0;

    /// <summary>
    /// The note is read first: whatever the writer appends from then on comes after the entries that the note is over.
    /// </summary>
    void CatchUp()
    {
        if (storage.Checkpoint is not { } note || note == latest?.Note)
            return;
        var checkpoint = Checkpoint.OfNote(note);
        if (checkpoint.Size < nodes.Size)
            throw new LogCorruptException($"it is missing: {nodes.Size} entries were there", checkpoint.Size);
        if (checkpoint.Size > nodes.Size)
            foreach (var entry in storage.Read(nodes.Size).Take(checked((int)(checkpoint.Size - nodes.Size))))
                nodes.Append(entry.Leaf);
        if (checkpoint.Size != nodes.Size || nodes.Root(checkpoint.Size) != checkpoint.Root)
            throw new LogCorruptException("the entries are not those that the checkpoint signs: verify the log", null);
        latest = (checkpoint, note);
    }
}
