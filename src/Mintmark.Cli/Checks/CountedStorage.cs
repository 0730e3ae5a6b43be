using Mintmark.Log;

namespace Mintmark.Cli;

/// <summary>Passes everything through and says how far a reading of the entries has come.</summary>
internal sealed class CountedStorage(ILogStorage inner, Action<long> read) : ILogStorage
{
    public long Size => inner.Size;

    public string? Checkpoint => inner.Checkpoint;

    public void Append(long expectedSize, IReadOnlyList<StoredEntry> entries, string checkpoint) =>
        inner.Append(expectedSize, entries, checkpoint);

    public IEnumerable<StoredEntry> Read(long from)
    {
        foreach (var entry in inner.Read(from))
        {
            read(entry.Index + 1);
            yield return entry;
        }
    }

    public IEnumerable<(long Size, string Checkpoint)> Checkpoints(long from = 0) => inner.Checkpoints(from);

    public void Dispose() => inner.Dispose();
}
