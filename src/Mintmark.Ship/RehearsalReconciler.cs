using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Ship;

/// <summary>
/// Tries the halt of a version before it has traffic: it answers, is halted alone, is refused, and answers again. Each
/// step is in the log before the next, so a control plane that dies in between goes on where it was.
/// </summary>
public sealed class RehearsalReconciler(ReleaseJournal journal, IRehearsalProbe probe, TimeProvider clock) : IReconciler
{
    private const int Well = 200;

    /// <summary>How long a halt may take to be in force, and how long to be lifted, before it has failed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly Actor By = new("mintmark/ship");
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UnderWay = TimeSpan.FromMilliseconds(10);

    // By a clock that never jumps. After a restart the waiting begins anew, which only ever makes it longer.
    private readonly Dictionary<(ReleaseId, Stage), long> entered = [];

    public string Name => "rehearsal";

    public TimeSpan Period => journal.State.Open().Any(r => IsDue(journal.State, r)) ? UnderWay : Idle;

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var state = journal.State;
        var due = state.Open().Where(r => IsDue(state, r)).ToList();
        // Nobody waits in the time of a halt of all, or of bad health.
        foreach (var left in entered.Keys.Where(key => !due.Exists(r => r.Id == key.Item1)).ToList())
            entered.Remove(left);
        foreach (var release in due)
        {
            var path = state.Versions[release.Mark].Manifest.Health.Path;
            var answer = await probe.AskAsync(release.Mark, path, ct);
            if (Next(release, answer) is not { } next)
                continue;
            if (next is Event.RehearsalBegun)
                Waited(release.Id, Stage.Halting);
            await journal.ExecuteAsync(new Command.Record(next), By, ct);
        }
    }

    private static bool IsDue(State state, Release release) =>
        release is { Phase: Phase.Starting, Rehearsal: null or { Ended: null } }
        && Trials.IsRehearsed(release)
        && state.HaltOf(release.Service) is null
        && Planner.IsHealthy(state, release.Mark);

    /// <returns>Null where it is to be asked again.</returns>
    private Event? Next(Release release, RehearsalAnswer answer) =>
        release.Rehearsal switch
        {
            null => answer.Status == Well ? new Event.RehearsalBegun(release.Id) : null,
            { StoppedMilliseconds: null } => Halting(release, answer),
            { StoppedMilliseconds: { } stopped } => Lifting(release, answer, stopped),
        };

    private Event? Halting(Release release, RehearsalAnswer answer)
    {
        var waited = Waited(release.Id, Stage.Halting);
        var took = (long)Math.Max(1, waited.TotalMilliseconds);
        return answer.Halted ? new Event.RehearsalLifted(release.Id, took)
            : waited < Patience ? null
            : Failed(release, $"{took} ms after its halt it still answered {answer}", 0);
    }

    private Event? Lifting(Release release, RehearsalAnswer answer, long stopped)
    {
        if (answer.Status == Well)
        {
            return new Event.KillRehearsed(
                release.Id,
                Stopped: true,
                $"it answered, nothing went through {stopped} ms after its halt, and it answered again",
                stopped
            );
        }
        return Waited(release.Id, Stage.Lifting) < Patience
            ? null
            : Failed(release, $"it did not answer again after its halt was lifted: {answer}", stopped);
    }

    private TimeSpan Waited(ReleaseId release, Stage stage)
    {
        if (!entered.TryGetValue((release, stage), out var since))
            entered[(release, stage)] = since = clock.GetTimestamp();
        return clock.GetElapsedTime(since);
    }

    private static Event.KillRehearsed Failed(Release release, string found, long milliseconds) =>
        new(release.Id, Stopped: false, found, milliseconds);

    private enum Stage
    {
        Halting,
        Lifting,
    }
}
