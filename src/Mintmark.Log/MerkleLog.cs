namespace Mintmark.Log;

/// <summary>
/// The log for its single writer. What it holds in memory is always what storage holds and the key has signed.
/// Size, root and checkpoint may be read from any thread.
/// </summary>
public sealed class MerkleLog : IDisposable
{
    /// <summary>An entry's length is written in two bytes in tlog-tiles: log digests, not blobs.</summary>
    public const int MaxEntryLength = ushort.MaxValue;

    sealed record Head(MerkleTree Tree, Hash Root, string? Checkpoint);

    readonly ILogStorage storage;
    LogKey key;
    readonly string origin;
    volatile Head head;
    bool isOutcomeOpen;

    MerkleLog(ILogStorage storage, LogKey key, string origin, MerkleTree tree)
    {
        this.storage = storage;
        this.key = key;
        this.origin = origin;
        head = new Head(tree, tree.Root, storage.Checkpoint);
        Reader = new LogReader(storage);
    }

    /// <summary>Tiles and proofs, for those who do not take our word.</summary>
    public LogReader Reader { get; }

    public long Size => head.Tree.Size;

    public Hash Root => head.Root;

    /// <summary>Null as long as nothing was appended.</summary>
    public string? SignedCheckpoint => head.Checkpoint;

    /// <summary>
    /// Reads everything once and holds it against the signed checkpoint. Owns the storage, not the key.
    /// </summary>
    /// <param name="handovers">Where its entries hand the key over.</param>
    /// <exception cref="LogCorruptException">The log is not what was signed; names the entry.</exception>
    /// <exception cref="LogStorageException">The key was handed over, so that it must sign no more.</exception>
    public static MerkleLog Open(ILogStorage storage, LogKey key, string origin, HandoverReader? handovers = null)
    {
        using var verifier = LogVerifier.Parse(key.VerifierText(origin));
        return new MerkleLog(storage, key, origin, LogVerification.Load(storage, verifier, handovers));
    }

    /// <summary>One batch, one signature, one transaction.</summary>
    /// <returns>The index of the first entry.</returns>
    /// <exception cref="ArgumentException">An entry is too long; nothing was written.</exception>
    /// <exception cref="LogStorageException">Nothing was written, here or in storage.</exception>
    /// <exception cref="LogAmbiguousException">Stop, and find out by opening the log again.</exception>
    public long Append(IReadOnlyList<byte[]> entries) => Append(entries, key.SignCheckpoint);

    /// <summary>
    /// One entry, made of the note by which the present key hands over to the next. Its checkpoint is signed by both,
    /// so that either opens the log after a crash; the next one by the next key alone.
    /// </summary>
    /// <returns>The index of the entry.</returns>
    public long Rotate(LogKey next, Func<string, byte[]> entryOf)
    {
        var entry = entryOf(KeyHandover.Sign(key, next, origin));
        var index = Append(
            [entry],
            checkpoint =>
            {
                var after = next.Sign(checkpoint.ToText(), origin);
                return key.Sign(checkpoint.ToText(), origin).With(after.Signatures).Encode();
            }
        );
        key = next;
        return index;
    }

    long Append(IReadOnlyList<byte[]> entries, Func<Checkpoint, string> sign)
    {
        if (isOutcomeOpen)
            throw new LogAmbiguousException("an earlier append left its outcome open: stop, and open the log again");
        var first = Size;
        if (entries.Count == 0)
            return first;

        // The tree grows aside: until storage has it, nothing of this batch exists.
        var tree = head.Tree.Copy();
        var stored = new StoredEntry[entries.Count];
        for (var i = 0; i < stored.Length; i++)
        {
            RequireLength(entries[i], first + i);
            stored[i] = new StoredEntry(first + i, entries[i], Merkle.LeafHash(entries[i]));
            tree.Append(stored[i].Leaf);
        }
        var root = tree.Root;
        var checkpoint = sign(new Checkpoint(origin, tree.Size, root));
        Store(first, stored, checkpoint);
        head = new Head(tree, root, checkpoint);
        return first;
    }

    // Only a clean refusal lets the next append go on: whatever else comes out, nobody knows what storage holds.
    void Store(long first, StoredEntry[] entries, string checkpoint)
    {
        isOutcomeOpen = true;
        try
        {
            storage.Append(first, entries, checkpoint);
            isOutcomeOpen = false;
        }
        catch (LogStorageException)
        {
            isOutcomeOpen = false;
            throw;
        }
    }

    public IEnumerable<StoredEntry> Read(long from) => storage.Read(from);

    static void RequireLength(byte[] body, long index)
    {
        if (body.Length > MaxEntryLength)
            throw new ArgumentException(
                $"entry {index} is {body.Length} bytes long and {MaxEntryLength} is the most: log a digest instead",
                nameof(body)
            );
    }

    public void Dispose() => storage.Dispose();
}
