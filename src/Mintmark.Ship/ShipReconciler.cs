using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Ship;

/// <summary>Moves every open release forward by what <see cref="Planner"/> says.</summary>
/// <param name="baselineP99">A version's trailing p99 in µs, by the gateways; null without enough past.</param>
public sealed class ShipReconciler(ReleaseJournal journal, Func<Mark, long?> baselineP99, TimeProvider clock)
    : IReconciler
{
    private static readonly Actor By = new("mintmark/ship");

    public string Name => "ship";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(1);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var state = journal.State;
        foreach (var release in state.Open())
        {
            if (Planner.Next(state, release, clock.GetUtcNow(), baselineP99) is { } next)
                await journal.ExecuteAsync(new Command.Record(next), By, ct);
        }
    }
}
