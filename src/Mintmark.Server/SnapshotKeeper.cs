using Mintmark.Journal;

namespace Mintmark.Server;

/// <summary>Keeps a recent state beside the log, so that a start need not fold everything.</summary>
internal sealed class SnapshotKeeper(ReleaseJournal journal) : IReconciler
{
    private const long EntriesBetween = 5_000;
    private long saved = journal.State.Size;

    public string Name => "snapshot";

    public TimeSpan Period { get; } = TimeSpan.FromMinutes(1);

    public Task ReconcileAsync(CancellationToken ct)
    {
        var size = journal.State.Size;
        if (size - saved < EntriesBetween)
            return Task.CompletedTask;
        journal.SaveSnapshot();
        saved = size;
        return Task.CompletedTask;
    }
}
