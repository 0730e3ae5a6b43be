namespace Mintmark.Log;

/// <summary>
/// One pass over entries and checkpoints. Between two checkpoints a body that does not hash to its leaf leaves two
/// trees possible; the next checkpoint tells which one was signed. Once no tree fits, roots are compared no more,
/// since each contains all before it.
/// </summary>
sealed class LogAudit(ILogStorage storage, KeyChain keys)
{
    public const int MaxFindings = 100;

    readonly List<LogFinding> findings = [];
    readonly List<long> suspects = [];
    MerkleTree leaves = new();
    MerkleTree? bodies;
    long compared;
    string? latest;
    bool lost;

    public LogReport Run()
    {
        try
        {
            Walk();
        }
        catch (LogCorruptException e)
        {
            findings.Add(new LogFinding(e.What, e.Index));
        }
        return new LogReport(leaves.Size, leaves.Root, findings) { Keys = keys.Present.VerifierText };
    }

    void Walk()
    {
        using var checkpoints = storage.Checkpoints().GetEnumerator();
        var more = checkpoints.MoveNext();
        foreach (var entry in storage.Read(0))
        {
            for (; more && checkpoints.Current.Size <= leaves.Size; more = checkpoints.MoveNext())
                Compare(checkpoints.Current.Size, checkpoints.Current.Checkpoint);
            if (entry.Index != leaves.Size)
                throw new LogCorruptException($"it is missing; the next one there is {entry.Index}", leaves.Size);
            Take(entry);
            if (findings.Count >= MaxFindings)
                throw new LogCorruptException("there is too much wrong to go on", entry.Index);
        }
        for (; more; more = checkpoints.MoveNext())
            Compare(checkpoints.Current.Size, checkpoints.Current.Checkpoint);
        Finish();
    }

    void Take(StoredEntry entry)
    {
        var hash = Merkle.LeafHash(entry.Body);
        if (hash != entry.Leaf)
        {
            suspects.Add(entry.Index);
            bodies ??= leaves.Copy();
        }
        leaves.Append(entry.Leaf);
        keys.Pass(entry.Index, entry.Body);
        bodies?.Append(hash);
    }

    void Compare(long size, string note)
    {
        latest = note;
        try
        {
            var checkpoint = keys.Open(note);
            if (checkpoint.Size != size)
                findings.Add(new LogFinding($"the checkpoint of size {size} says {checkpoint.Size}"));
            else if (size > leaves.Size)
                findings.Add(new LogFinding($"it is missing: {size} entries are signed for", leaves.Size));
            else if (!lost)
                Compare(checkpoint);
        }
        catch (LogCorruptException e)
        {
            findings.Add(new LogFinding($"the checkpoint of size {size}: {e.What}"));
        }
    }

    void Compare(Checkpoint checkpoint)
    {
        if (checkpoint.Root == leaves.Root)
            Settle("its body is not what was signed: it does not hash to its leaf");
        else if (bodies is not null && checkpoint.Root == bodies.Root)
        {
            leaves = bodies;
            Settle("its leaf hash is not that of its body, which is what was signed");
        }
        else
        {
            lost = true;
            Settle("its body does not hash to its leaf");
            findings.Add(
                new LogFinding(
                    $"one or more of the entries {compared} to {checkpoint.Size - 1} are not what was signed "
                        + $"(the root at size {checkpoint.Size} differs from its checkpoint); the entries before are",
                    compared
                )
            );
        }
        compared = checkpoint.Size;
    }

    void Settle(string what)
    {
        findings.AddRange(suspects.Select(index => new LogFinding(what, index)));
        suspects.Clear();
        bodies = null;
    }

    void Finish()
    {
        Settle("its body does not hash to its leaf");
        if (latest != storage.Checkpoint)
            findings.Add(new LogFinding("the latest checkpoint is not the last of the history"));
        if (compared < leaves.Size && findings.Count == 0)
            findings.Add(new LogFinding($"the entries from here to {leaves.Size - 1} are not signed for", compared));
    }
}
