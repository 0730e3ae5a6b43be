using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Gate;

/// <summary>Decides for every built version whether it may go on.</summary>
public sealed class GateReconciler(ReleaseJournal journal) : IReconciler
{
    private static readonly Actor By = new("mintmark/gate");

    public string Name => "gate";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(1);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var state = journal.State;
        foreach (var release in state.Open().Where(r => r.Phase == Phase.Gating))
        {
            var decided = new Event.GateDecided(release.Id, Controls.Judge(state, release));
            await journal.ExecuteAsync(new Command.Record(decided), By, ct);
        }
    }
}
