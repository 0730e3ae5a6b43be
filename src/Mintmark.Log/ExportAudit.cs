namespace Mintmark.Log;

/// <summary>
/// Holds an export against its checkpoint. Where an entry and its hash in a tile disagree, two trees are possible;
/// the signed root tells which one is true, and thereby which of the two files was altered.
/// </summary>
sealed class ExportAudit(string directory, HandoverReader? handovers)
{
    readonly ExportFiles files = new(directory);
    readonly List<(long Index, string Bundle, string Tile)> suspects = [];
    readonly TileTree ofEntries = new();
    readonly TileTree ofTiles = new();
    bool isHandedOver = true;
    string? present;

    public LogReport Run(LogVerifier? trusted)
    {
        // Without a checkpoint nothing says how much there should be; with a tile and its bundle gone, nothing goes on.
        if (files.Text(LogExport.CheckpointFile) is { } note && Claimed(note) is { } claimed)
        {
            using var brought = Brought(files, trusted);
            if ((trusted ?? brought) is { } first)
                Run(note, claimed, new KeyChain(first, brought, handovers));
        }
        return new LogReport(ofEntries.Size, ofEntries.Root, files.Findings) { Keys = present };
    }

    /// <summary>The entries tell which keys sign at their end, so they come before the signature.</summary>
    void Run(string note, Checkpoint claimed, KeyChain keys)
    {
        using (keys)
        {
            var before = files.Findings.Count;
            var isWhole = Walk(claimed.Size, keys);
            if (!IsSigned(note, keys, before) || !isWhole)
                return;
            ofEntries.Finish();
            ofTiles.Finish();
            HoldUpperTiles(Settle(claimed.Root));
            files.NameExtra();
            present = keys.Present.VerifierText;
        }
    }

    Checkpoint? Claimed(string note)
    {
        try
        {
            return Checkpoint.OfNote(note);
        }
        catch (LogCorruptException e)
        {
            files.Report(LogExport.CheckpointFile, e.What);
            return null;
        }
    }

    /// <param name="place">Of a finding: where the size is not signed for, what was missing up to it says less.</param>
    bool IsSigned(string note, KeyChain keys, int place)
    {
        try
        {
            keys.Open(note);
            return true;
        }
        catch (LogCorruptException e)
        {
            files.Report(isHandedOver ? place : files.Findings.Count, LogExport.CheckpointFile, e.What);
            return false;
        }
    }

    /// <summary>The first keys as the files bring them along.</summary>
    internal static LogVerifier? Brought(ExportFiles files, LogVerifier? trusted)
    {
        if (files.Text(LogExport.KeyFile) is not { } text)
            return null;
        try
        {
            var brought = ParseKey(text);
            if (trusted is not null && trusted.VerifierText.Split('\n').Except(text.Split('\n')).Any())
                files.Report(LogExport.KeyFile, "it is not the key that you trust");
            return brought;
        }
        catch (FormatException e)
        {
            files.Report(LogExport.KeyFile, e.Message);
            return null;
        }
    }

    static LogVerifier ParseKey(string text)
    {
        var verifier = LogVerifier.Parse(text.TrimEnd('\n'));
        if (text == LogExport.KeyText(verifier.VerifierText))
            return verifier;
        verifier.Dispose();
        throw new FormatException("it does not end in one newline");
    }

    bool Walk(long size, KeyChain keys)
    {
        for (var first = 0L; first < size; first += Tile.Width)
        {
            var width = (int)Math.Min(Tile.Width, size - first);
            var tile = Tile.PathOf("0", first / Tile.Width, width);
            var bundle = EntryBundle.PathOf(first / Tile.Width, width);
            var hashes = files.Hashes(tile, width, first);
            var leaves = Leaves(files.Bytes(bundle, first), bundle, hashes, width, first, keys);
            if ((leaves ?? hashes) is null)
                return false;
            leaves ??= hashes!;
            hashes ??= leaves;
            for (var i = 0; i < width; i++)
            {
                if (leaves[i] != hashes[i])
                    suspects.Add((first + i, bundle, tile));
                ofEntries.Append(leaves[i]);
                ofTiles.Append(hashes[i]);
            }
        }
        return true;
    }

    Hash[]? Leaves(byte[]? content, string path, Hash[]? hashes, int width, long first, KeyChain keys)
    {
        if (content is null)
            return null;
        var (bodies, isWhole) = EntryBundle.Decode(content, width);
        Hash[] leaves = [.. bodies.Select(body => Merkle.LeafHash(body))];
        Pass(bodies, path, first, keys);
        if (isWhole)
            return leaves;
        var good = hashes is null ? leaves.Length : leaves.AsSpan().CommonPrefixLength(hashes);
        files.Report(path, "from here on it cannot be read: lengths and content do not fit", first + good);
        return null;
    }

    void Pass(List<byte[]> bodies, string path, long first, KeyChain keys)
    {
        try
        {
            for (var i = 0; i < bodies.Count; i++)
                keys.Pass(first + i, bodies[i]);
        }
        catch (LogCorruptException e)
        {
            isHandedOver = false;
            files.Report(path, e.What, e.Index);
        }
    }

    /// <returns>The tree to hold the upper tiles against.</returns>
    TileTree Settle(Hash signed)
    {
        if (ofEntries.Root == signed)
        {
            foreach (var (index, _, tile) in suspects.Take(LogAudit.MaxFindings))
                files.Report(tile, "its hash was altered: the entry is what was signed", index);
            return ofEntries;
        }

        var altered = ofTiles.Root == signed ? "it was altered: its hash is what was signed" : "its hash is another";
        foreach (var (index, bundle, _) in suspects.Take(LogAudit.MaxFindings))
            files.Report(bundle, altered, index);
        if (ofTiles.Root != signed)
            files.Report(
                LogExport.CheckpointFile,
                $"it signs the root {signed}, and the entries have {ofEntries.Root}"
            );
        return ofTiles;
    }

    void HoldUpperTiles(TileTree tree)
    {
        foreach (var tile in tree.Upper)
        {
            if (files.Hashes(tile.Path, tile.Hashes.Length, tile.FirstEntry(0)) is not { } hashes)
                continue;
            for (var i = 0; i < hashes.Length; i++)
                if (hashes[i] != tile.Hashes[i])
                    files.Report(tile.Path, $"its hash {i} is not that of the tile below", tile.FirstEntry(i));
        }
    }
}
