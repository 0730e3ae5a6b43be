using Mintmark.Log;

namespace Mintmark.Tests.Journal;

/// <summary>Real storage with a place to look in, and to fail, just before an append.</summary>
sealed class WatchedStorage(ILogStorage inner) : ILogStorage
{
    public Action<IReadOnlyList<StoredEntry>> BeforeAppend { get; set; } = _ => { };

    public Action AfterAppend { get; set; } = () => { };

    public long Size => inner.Size;

    public string? Checkpoint => inner.Checkpoint;

    public void Append(long expectedSize, IReadOnlyList<StoredEntry> entries, string checkpoint)
    {
        BeforeAppend(entries);
        inner.Append(expectedSize, entries, checkpoint);
        AfterAppend();
    }

    public IEnumerable<StoredEntry> Read(long from) => inner.Read(from);

    public IEnumerable<(long Size, string Checkpoint)> Checkpoints(long from = 0) => inner.Checkpoints(from);

    public void Dispose() => inner.Dispose();
}

/// <summary>Full until what was kept back is given up.</summary>
sealed class FullDisk
{
    public bool Full { get; set; }

    public bool Kept { get; set; }

    public ILogStorage Over(ILogStorage storage) =>
        new WatchedStorage(storage)
        {
            BeforeAppend = _ =>
            {
                if (Full)
                    throw new LogStorageException("no space left");
            },
        };

    public bool GiveUp()
    {
        var had = Kept;
        (Full, Kept) = (Full && !had, false);
        return had;
    }
}
