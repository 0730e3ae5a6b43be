using Mintmark.Log;

namespace Mintmark.Cli;

/// <summary>Up to which entry a witness holds the log to account, and since when.</summary>
internal sealed record WitnessedUpTo(string Name, long Entries, DateTimeOffset At)
{
    /// <summary>In an export: the latest checkpoint that witnesses cosigned.</summary>
    public const string FileName = "witnessed";

    /// <summary>What the witnesses cosigned, held against the entries themselves.</summary>
    /// <param name="note">The witnessed checkpoint; null where none was kept.</param>
    /// <param name="origin">Of the log.</param>
    /// <param name="findings">Takes what is missing or does not hold.</param>
    public static IReadOnlyList<WitnessedUpTo> Of(
        IReadOnlyList<WitnessVerifier> demanded,
        string? note,
        string origin,
        IEnumerable<StoredEntry> entries,
        List<LogFinding> findings
    )
    {
        var held = new List<WitnessedUpTo>();
        if (demanded.Count == 0)
            return held;
        try
        {
            var checkpoint = note is null ? null : Checkpoint.OfNote(note);
            if (
                checkpoint is not null
                && (checkpoint.Origin != origin || RootAt(entries, checkpoint.Size) != checkpoint.Root)
            )
            {
                findings.Add(new LogFinding($"the witnesses cosigned another tree of {checkpoint.Size} entries"));
                return held;
            }
            foreach (var witness in demanded)
                if (note is not null && witness.CosignedAt(note) is { } at)
                    held.Add(new WitnessedUpTo(witness.Name, checkpoint!.Size, DateTimeOffset.FromUnixTimeSeconds(at)));
                else
                    findings.Add(new LogFinding($"{witness.Name} cosigned no checkpoint that is kept here"));
        }
        catch (LogCorruptException wrong)
        {
            findings.Add(new LogFinding(wrong.What));
        }
        return held;
    }

    private static Hash? RootAt(IEnumerable<StoredEntry> entries, long size)
    {
        var tree = new MerkleTree();
        foreach (var entry in entries.TakeWhile(e => e.Index < size))
            tree.Append(Merkle.LeafHash(entry.Body));
        return tree.Size == size ? tree.Root : null;
    }
}
