using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Ship;

/// <summary>Moves every open release forward by what <see cref="Planner"/> says.</summary>
/// <param name="past">A version's recent past, by the gateways.</param>
/// <param name="heardSince">Whether all that gateways had to say after that moment is in the log.</param>
/// <param name="against">What the judge has against a release's next move; null for nothing.</param>
public sealed class ShipReconciler(
    ReleaseJournal journal,
    Func<Mark, Past> past,
    Func<DateTimeOffset, bool> heardSince,
    Func<State, Release, string?> against,
    TimeProvider clock
) : IReconciler
{
    private static readonly Actor By = new("mintmark/ship");

    public string Name => "ship";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(1);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var state = journal.State;
        foreach (var release in state.Open())
        {
            // While nobody listened a gateway may have found it worse.
            if (release.Phase == Phase.Guarding && !heardSince(Planner.GuardEnds(state, release)))
                continue;
            if (Planner.Next(state, release, clock.GetUtcNow(), past) is { } next && against(state, release) is null)
                await journal.ExecuteAsync(new Command.Record(next), By, ct);
        }
    }
}
