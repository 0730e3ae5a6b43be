using System.Diagnostics;
using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>State and world to what is to be done. Pure.</summary>
public static class RunPlanner
{
    private static readonly TimeSpan DrainAtMost = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan UnhealthyAtMost = TimeSpan.FromSeconds(15);

    public static IReadOnlyList<RunAction> Plan(State state, RunView view, DateTimeOffset now)
    {
        List<RunAction> actions = [];
        var processes = view.Living.ToLookup(p => p.Instance);
        var wanted = Wanted(state).ToDictionary(w => w.Mark, w => w.Role);
        var kept = new Dictionary<Mark, int>();
        var explained = new HashSet<InstanceId>();
        foreach (var instance in state.Running())
        {
            explained.Add(instance.Id);
            var here = new Seen(instance, [.. processes[instance.Id]], Limits(state, instance));
            var needed = wanted.TryGetValue(instance.Mark, out var role) && Missing(state, kept, instance.Mark) > 0;
            var planned = instance.Phase switch
            {
                InstancePhase.Planned => [Starting(here, needed)],
                InstancePhase.Stopping => Stopping(here, view, now),
                InstancePhase.Exited => throw new UnreachableException("what has exited does not run"),
                _ => Up(here, needed ? role : null, now),
            };
            actions.AddRange(planned);
            // One whose exit is only now seen is replaced in a later round, when the state counts that exit.
            if (instance.Phase != InstancePhase.Stopping && !planned.Any(a => a is RunAction.Stop))
                kept[instance.Mark] = kept.GetValueOrDefault(instance.Mark) + 1;
        }
        actions.AddRange(processes.Where(p => !explained.Contains(p.Key)).Select(p => new RunAction.KillStray(p.Key)));
        actions.AddRange(
            wanted
                .Keys.Where(m => Missing(state, kept, m) > 0 && BackOff.NotBefore(state, m, now) <= now)
                .SelectMany(m => Enumerable.Repeat(new RunAction.Add(m), Missing(state, kept, m)))
        );
        return actions;
    }

    private static int Missing(State state, Dictionary<Mark, int> kept, Mark mark) =>
        Trials.Instances(state.Versions[mark].Manifest) - kept.GetValueOrDefault(mark);

    /// <summary>
    /// As many instances as its manifest says each of the version that serves, of a release's candidate, and of the
    /// version kept warm.
    /// </summary>
    internal static IEnumerable<(Mark Mark, Role Role)> Wanted(State state)
    {
        foreach (var service in state.Services.Values)
        {
            var live = state.Live(service.Name);
            if (service.Serving is { } serving)
                yield return (serving, Role.Serving);
            if (live is { Phase: Phase.Guarding, Baseline: { } warm } && warm != service.Serving)
                yield return (warm, Role.Warm);
            if (live is { Phase: Phase.Starting or Phase.Ramping } release && release.Mark != service.Serving)
                yield return (release.Mark, Role.Candidate);
        }
    }

    private static RunAction Starting(Seen here, bool needed) =>
        !needed ? new RunAction.Stop(here.Instance.Id, RunReasons.NotNeeded)
        // A crash came between the process and the log, else it would not be there.
        : here.First is { } process ? new RunAction.Adopt(process)
        : new RunAction.Launch(here.Instance.Id);

    /// <param name="role">Null where it is not needed.</param>
    private static IReadOnlyList<RunAction> Up(Seen here, Role? role, DateTimeOffset now)
    {
        var id = here.Instance.Id;
        if (here.First is null)
        {
            return here.Processes.Count == 0
                ? [new RunAction.Exit(id, null)]
                : [new RunAction.Kill(id), new RunAction.Exit(id, null)];
        }
        if (role is null)
            return [new RunAction.Stop(id, RunReasons.NotNeeded)];
        if (here.OverLimit)
            return [new RunAction.Stop(id, RunReasons.MemoryExceeded(here.Memory, here.Limits.Memory))];
        var ailing = Between(here.Instance.PhaseSince, now);
        return Patience(here, role.Value) is { } patience && ailing > patience
            ? [new RunAction.Stop(id, RunReasons.NotHealthy(ailing))]
            : [];
    }

    /// <summary>
    /// How long it may be as it is. Whether a candidate is too bad to go on is a verdict, and not ours.
    /// </summary>
    private static TimeSpan? Patience(Seen here, Role role) =>
        (here.Instance.Phase, role) switch
        {
            (_, Role.Candidate) => null,
            (InstancePhase.Started, _) => here.Limits.HealthyWithin,
            (InstancePhase.Unhealthy, _) => UnhealthyAtMost,
            _ => null,
        };

    private static IReadOnlyList<RunAction> Stopping(Seen here, RunView view, DateTimeOffset now)
    {
        var id = here.Instance.Id;
        if (here.Processes.Count == 0)
            return [new RunAction.Exit(id, here.Instance.Note)];
        if (here.OverLimit)
            return [new RunAction.Kill(id)];
        if (view.Terminated.TryGetValue(id, out var asked))
            return Between(asked, now) >= Grace ? [new RunAction.Kill(id)] : [];
        var drained = view.Drained.Contains(id) || Between(here.Instance.PhaseSince, now) >= DrainAtMost;
        return drained ? [new RunAction.Terminate(id)] : [];
    }

    /// <summary>A clock that was set back is no reason to wait until it is where it was.</summary>
    private static TimeSpan Between(DateTimeOffset since, DateTimeOffset now) => (now - since).Duration();

    private static Limits Limits(State state, Instance instance)
    {
        var manifest = state.Versions[instance.Mark].Manifest;
        return new Limits(manifest.Run.MemoryBytes, TimeSpan.FromSeconds(manifest.Health.WithinSeconds));
    }

    internal enum Role
    {
        Serving,
        Candidate,
        Warm,
    }
}

internal readonly record struct Limits(long Memory, TimeSpan HealthyWithin);

/// <summary>An instance as the state has it, and its processes as they are.</summary>
internal sealed record Seen(Instance Instance, IReadOnlyList<LiveProcess> Processes, Limits Limits)
{
    public long Memory => Processes.Sum(p => p.MemoryBytes);

    public bool OverLimit => Memory > Limits.Memory;

    /// <summary>
    /// Its first process, while that lives. Once it is in the log only that very one counts; before, the oldest that
    /// leads a session.
    /// </summary>
    public LiveProcess? First =>
        Instance.Pid is { } pid
            ? Processes.FirstOrDefault(p => p.Pid == pid && p.StartTicks == Instance.StartTicks)
            : Processes.Where(p => p.Leads).MinBy(p => p.StartTicks);
}
