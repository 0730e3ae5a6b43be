namespace Mintmark.Log;

/// <summary>Holds a slice against its checkpoint: keys, signature, range proof, each body against its leaf.</summary>
sealed class SliceAudit(string directory)
{
    readonly ExportFiles files = new(directory);

    public SliceReport Run(LogVerifier? trusted)
    {
        var slice = Slice();
        var checkpoint = Signed(trusted);
        var bundle = files.Bytes(LogSlice.EntriesFile);
        if (slice is not null && files.RangeHashes(LogSlice.LeavesFile, slice.From, slice.To) is { } leaves)
        {
            if (checkpoint is not null)
                HoldLeaves(slice, leaves, checkpoint);
            if (bundle is not null)
                HoldBodies(slice, leaves, bundle);
        }
        files.NameExtra();
        return new SliceReport(
            slice?.From ?? 0,
            slice?.To ?? 0,
            checkpoint?.Size ?? 0,
            checkpoint?.Root ?? Merkle.EmptyRoot,
            slice?.Redacted.Count ?? 0,
            files.Findings
        );
    }

    SliceText? Slice()
    {
        if (files.Text(LogSlice.SliceFile) is not { } text)
            return null;
        try
        {
            return SliceText.Parse(text);
        }
        catch (FormatException e)
        {
            files.Report(LogSlice.SliceFile, e.Message);
            return null;
        }
    }

    Checkpoint? Signed(LogVerifier? trusted)
    {
        var note = files.Text(LogSlice.CheckpointFile);
        var handovers = files.Text(LogSlice.HandoversFile);
        using var brought = ExportAudit.Brought(files, trusted);
        if (note is null || handovers is null || (trusted ?? brought) is not { } first)
            return null;
        var file = LogSlice.HandoversFile;
        using var keys = new KeyChain(first, brought, System.Text.Encoding.UTF8.GetString);
        try
        {
            KeyHandovers.Pass(keys, handovers);
            file = LogSlice.CheckpointFile;
            return keys.Open(note);
        }
        catch (LogCorruptException e)
        {
            files.Report(file, e.What);
            return null;
        }
    }

    void HoldLeaves(SliceText slice, Hash[] leaves, Checkpoint checkpoint)
    {
        if (RangeProof.RootOf(leaves, slice.From, checkpoint.Size, slice.Proof) != checkpoint.Root)
            files.Report(
                LogSlice.LeavesFile,
                "with the proof they do not make the root that was signed: hashes, range or proof are not the log's"
            );
    }

    void HoldBodies(SliceText slice, Hash[] leaves, byte[] bundle)
    {
        var (bodies, isWhole) = EntryBundle.Decode(bundle, leaves.Length - slice.Redacted.Count);
        var redacted = slice.Redacted.ToHashSet();
        var index = slice.From;
        foreach (var body in bodies)
        {
            while (redacted.Contains(index))
                index++;
            if (Merkle.LeafHash(body) != leaves[index - slice.From])
                files.Report(LogSlice.EntriesFile, "its body does not hash to its leaf", index);
            index++;
        }
        if (!isWhole)
            files.Report(LogSlice.EntriesFile, "bodies are missing, cut off or too many");
    }
}
