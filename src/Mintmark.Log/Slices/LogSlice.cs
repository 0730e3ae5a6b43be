using System.Text;

namespace Mintmark.Log;

/// <summary>
/// All entries of a range with the proof that they are all: the leaf hash of each, the body of each that is not
/// redacted, and a signed checkpoint. Whoever has it needs nothing else to check it.
/// </summary>
public static class LogSlice
{
    internal const string SliceFile = "slice";
    internal const string LeavesFile = "leaves";
    internal const string EntriesFile = "entries";
    internal const string HandoversFile = KeyHandovers.FileName;
    internal const string CheckpointFile = LogExport.CheckpointFile;
    internal const string KeyFile = LogExport.KeyFile;

    /// <summary>Writes a folder that was not there before; it appears whole or not at all.</summary>
    /// <param name="storage">A snapshot, or a log that nobody writes to meanwhile.</param>
    /// <param name="verifierText">The first keys of the log.</param>
    /// <param name="isRedacted">By index: whether the body stays here.</param>
    /// <exception cref="LogCorruptException">The log is not what was signed.</exception>
    /// <exception cref="LogStorageException">It has no such range, or it cannot be written.</exception>
    public static void Write(
        ILogStorage storage,
        string verifierText,
        string directory,
        (long From, long To) range,
        Func<long, bool> isRedacted,
        HandoverReader? handovers
    )
    {
        var note = storage.Checkpoint ?? throw new LogStorageException("the log is empty: there is nothing to export");
        var checkpoint = Checkpoint.OfNote(note);
        if (range.From < 0 || range.From >= range.To || range.To > checkpoint.Size)
            throw new LogStorageException($"the log has {checkpoint.Size} entries: from 0, to at most that");
        var content = new Content(storage, checkpoint.Size, range, isRedacted, handovers);
        if (content.Nodes.Size != checkpoint.Size || content.Nodes.Root(checkpoint.Size) != checkpoint.Root)
            throw new LogCorruptException("the entries are not those that the checkpoint signs: verify the log", null);
        var text = new SliceText(
            range.From,
            range.To,
            content.Redacted,
            RangeProof.Of(content.Nodes, range.From, range.To, checkpoint.Size)
        );
        (string Name, byte[] Bytes)[] files =
        [
            (SliceFile, Encoding.UTF8.GetBytes(text.ToText())),
            (LeavesFile, [.. content.Leaves.SelectMany(leaf => leaf.ToArray())]),
            (EntriesFile, EntryBundle.Encode(content.Bodies)),
            (HandoversFile, Encoding.UTF8.GetBytes(KeyHandovers.ToText(content.Handovers))),
            (CheckpointFile, Encoding.UTF8.GetBytes(note)),
            (KeyFile, Encoding.UTF8.GetBytes(LogExport.KeyText(verifierText))),
        ];
        WholeFolder.Write(
            directory,
            folder =>
            {
                Directory.CreateDirectory(folder);
                foreach (var (name, bytes) in files)
                    File.WriteAllBytes(Path.Combine(folder, name), bytes);
            }
        );
    }

    sealed class Content
    {
        public Content(
            ILogStorage storage,
            long size,
            (long From, long To) range,
            Func<long, bool> isRedacted,
            HandoverReader? handovers
        )
        {
            foreach (var entry in storage.Read(0).TakeWhile(e => e.Index < size))
            {
                var leaf = Merkle.LeafHash(entry.Body);
                Nodes.Append(leaf);
                if (handovers?.Invoke(entry.Body) is { } handover)
                    Handovers.Add(handover);
                if (entry.Index < range.From || entry.Index >= range.To)
                    continue;
                Leaves.Add(leaf);
                if (isRedacted(entry.Index))
                    Redacted.Add(entry.Index);
                else
                    Bodies.Add(entry.Body);
            }
        }

        public TreeNodes Nodes { get; } = new();

        public List<string> Handovers { get; } = [];

        public List<Hash> Leaves { get; } = [];

        public List<long> Redacted { get; } = [];

        public List<byte[]> Bodies { get; } = [];
    }

    /// <summary>Offline. Every byte of every file counts, and no file may be missing or be there besides.</summary>
    /// <param name="trusted">The first keys as the reader had them from elsewhere; else those that it brings
    /// along.</param>
    /// <exception cref="LogStorageException">The folder or a file in it cannot be read.</exception>
    public static SliceReport Verify(string directory, LogVerifier? trusted) =>
        Directory.Exists(directory)
            ? LogExport.Reading(directory, () => new SliceAudit(Path.GetFullPath(directory)).Run(trusted))
            : throw new LogStorageException($"there is no slice at {directory}");
}

/// <param name="Size">Entries of the whole log under the slice's checkpoint.</param>
/// <param name="Redacted">How many bodies are not there.</param>
public sealed record SliceReport(
    long From,
    long To,
    long Size,
    Hash Root,
    long Redacted,
    IReadOnlyList<LogFinding> Findings
)
{
    public bool Holds => Findings.Count == 0;
}
