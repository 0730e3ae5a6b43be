using System.Diagnostics;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Bench;

/// <summary>From the files of a log of a million entries to a journal that takes commands.</summary>
internal static class StartBench
{
    private const int Entries = 1_000_000;
    private const int BatchSize = 64;

    public static IReadOnlyList<Figure> Run(string folder)
    {
        using var key = LogKey.LoadOrCreate(Path.Combine(folder, "start.pem"));
        var file = Path.Combine(folder, "start.db");
        using (var log = MerkleLog.Open(SqliteStorage.Open(file), key, "bench"))
        {
            foreach (var batch in SampleLog.Entries(Entries).Chunk(BatchSize))
                log.Append([.. batch.Select(e => e.Body)]);
        }
        var snapshot = new Snapshot(Path.Combine(folder, "snapshot.json"));
        var (without, size) = Open(file, key, snapshot, save: true);
        var (with, again) = Open(file, key, snapshot, save: false);
        Invariant.Require(size == Entries && again == Entries, "everything is there after a start");
        return
        [
            Figure.Reported("start with 1,000,000 entries, no snapshot", without, "s"),
            Figure.AtMost("start with 1,000,000 entries and a snapshot", with, "s", 2),
        ];
    }

    private static (double Seconds, long Size) Open(string file, LogKey key, Snapshot snapshot, bool save)
    {
        var began = Stopwatch.GetTimestamp();
        using var journal = ReleaseJournal.Open(SqliteStorage.Open(file), key, "bench", TimeProvider.System, snapshot);
        var took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        if (save)
            journal.SaveSnapshot();
        return (took, journal.State.Size);
    }
}
