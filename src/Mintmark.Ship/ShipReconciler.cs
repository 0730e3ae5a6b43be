using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Ship;

/// <summary>Moves every open release forward by what <see cref="Planner"/> says.</summary>
/// <param name="past">A version's recent past, by the gateways.</param>
/// <param name="isHeardUntil">Whether all that gateways had to say until that long ago is in the log.</param>
/// <param name="against">What the judge has against a release's next move; null for nothing.</param>
public sealed class ShipReconciler(
    ReleaseJournal journal,
    Func<Mark, Past> past,
    Func<TimeSpan, bool> isHeardUntil,
    Func<State, Release, string?> against,
    TimeProvider clock
) : IReconciler
{
    private static readonly Actor By = new("mintmark/ship");

    /// <summary>Guards, since when each was seen by a clock that nobody sets, and what was left of it then.</summary>
    private readonly Dictionary<ReleaseId, (long Seen, TimeSpan Left)> guards = [];

    public string Name => "ship";

    public TimeSpan Period { get; } = TimeSpan.FromSeconds(1);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var state = journal.State;
        foreach (var ended in guards.Keys.Where(id => state.Releases[id].Phase != Phase.Guarding).ToList())
            guards.Remove(ended);
        foreach (var release in state.Open())
        {
            var now = clock.GetUtcNow();
            if (release.Phase == Phase.Guarding)
            {
                var over = -Left(state, release, now);
                // While nobody listened a gateway may have found it worse.
                if (over < TimeSpan.Zero || !isHeardUntil(over))
                    continue;
                now = Planner.GuardEnds(state, release) + over;
            }
            if (Planner.Next(state, release, now, past) is { } next && against(state, release) is null)
                await journal.ExecuteAsync(new Command.Record(next), By, ct);
        }
    }

    /// <summary>What is left of a guard, however the clock was set since we saw it first.</summary>
    private TimeSpan Left(State state, Release release, DateTimeOffset now)
    {
        if (!guards.TryGetValue(release.Id, out var guard))
        {
            var ends = Planner.GuardEnds(state, release);
            var left = ends - (now < release.PhaseSince ? release.PhaseSince : now);
            guards[release.Id] = guard = (clock.GetTimestamp(), left);
        }
        return guard.Left - clock.GetElapsedTime(guard.Seen);
    }
}
