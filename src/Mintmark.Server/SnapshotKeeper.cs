using Mintmark.Journal;

namespace Mintmark.Server;

/// <summary>Keeps a recent state beside the log, so that a start need not fold everything.</summary>
internal sealed class SnapshotKeeper(ReleaseJournal journal) : IReconciler
{
    private const long FewestEntries = 5_000;

    // A state grows with its log and so does what it costs to write it down.
    private const long ShareOfLog = 32;

    public string Name => "snapshot";

    public TimeSpan Period { get; } = TimeSpan.FromMinutes(1);

    public Task ReconcileAsync(CancellationToken ct)
    {
        var size = journal.State.Size;
        if (size - journal.SnapshotSize >= Math.Max(FewestEntries, size / ShareOfLog))
            journal.SaveSnapshot();
        return Task.CompletedTask;
    }
}
