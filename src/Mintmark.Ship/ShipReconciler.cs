using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Ship;

/// <summary>Moves every open release forward by what <see cref="Planner"/> says.</summary>
/// <param name="past">A version's recent past, by the gateways.</param>
public sealed class ShipReconciler(ReleaseJournal journal, Func<Mark, Past> past, TimeProvider clock) : IReconciler
{
    private static readonly Actor By = new("mintmark/ship");

    /// <summary>
    /// In a pause of the control plane a gateway may have found a guarded version worse: it is heard before the guard
    /// ends.
    /// </summary>
    private static readonly TimeSpan HearsGateways = TimeSpan.FromSeconds(2);

    private readonly DateTimeOffset _since = clock.GetUtcNow();

    public string Name => "ship";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(1);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var state = journal.State;
        foreach (var release in state.Open())
        {
            if (release.Phase == Phase.Guarding && (clock.GetUtcNow() - _since).Duration() < HearsGateways)
                continue;
            if (Planner.Next(state, release, clock.GetUtcNow(), past) is { } next)
                await journal.ExecuteAsync(new Command.Record(next), By, ct);
        }
    }
}
