namespace Mintmark.Log;

/// <summary>
/// Holds an export against its checkpoint. Where an entry and its hash in a tile disagree, two trees are possible;
/// the signed root tells which one is true, and thereby which of the two files was altered.
/// </summary>
sealed class ExportAudit(string directory)
{
    readonly ExportFiles files = new(directory);
    readonly List<(long Index, string Bundle, string Tile)> suspects = [];
    readonly TileTree ofEntries = new();
    readonly TileTree ofTiles = new();

    public LogReport Run(LogVerifier? trusted)
    {
        // Without a checkpoint nothing says how much there should be; with a tile and its bundle gone, nothing goes on.
        if (Open(trusted) is { } checkpoint && Walk(checkpoint.Size))
        {
            ofEntries.Finish();
            ofTiles.Finish();
            HoldUpperTiles(Settle(checkpoint.Root));
            files.NameExtra();
        }
        return new LogReport(ofEntries.Size, ofEntries.Root, files.Findings);
    }

    Checkpoint? Open(LogVerifier? trusted)
    {
        var key = files.Text(LogExport.KeyFile);
        var note = files.Text(LogExport.CheckpointFile);
        if (trusted is not null && key is not null && key != LogExport.KeyText(trusted.VerifierText))
            files.Report(LogExport.KeyFile, "it is not the key that you trust");
        try
        {
            using var brought = trusted is null && key is not null ? ParseKey(key) : null;
            return note is null ? null : (trusted ?? brought)?.Open(note);
        }
        catch (FormatException e)
        {
            files.Report(LogExport.KeyFile, e.Message);
        }
        catch (LogCorruptException e)
        {
            files.Report(LogExport.CheckpointFile, e.What);
        }
        return null;
    }

    static LogVerifier ParseKey(string text)
    {
        var verifier = LogVerifier.Parse(text.TrimEnd('\n'));
        if (text == LogExport.KeyText(verifier.VerifierText))
            return verifier;
        verifier.Dispose();
        throw new FormatException("it does not end in one newline");
    }

    bool Walk(long size)
    {
        for (var first = 0L; first < size; first += Tile.Width)
        {
            var width = (int)Math.Min(Tile.Width, size - first);
            var tile = Tile.PathOf("0", first / Tile.Width, width);
            var bundle = EntryBundle.PathOf(first / Tile.Width, width);
            var hashes = files.Hashes(tile, width, first);
            var leaves = Leaves(files.Bytes(bundle, first), bundle, hashes, width, first);
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

    Hash[]? Leaves(byte[]? content, string path, Hash[]? hashes, int width, long first)
    {
        if (content is null)
            return null;
        var (bodies, isWhole) = EntryBundle.Decode(content, width);
        Hash[] leaves = [.. bodies.Select(body => Merkle.LeafHash(body))];
        if (isWhole)
            return leaves;
        var good = hashes is null ? leaves.Length : leaves.AsSpan().CommonPrefixLength(hashes);
        files.Report(path, "from here on it cannot be read: lengths and content do not fit", first + good);
        return null;
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
