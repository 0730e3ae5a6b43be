using System.Diagnostics;
using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>
/// Whether a reconciler's event still fits the state. Reconcilers plan on a state that may have moved on; these rules,
/// not the plans, keep the invariants of a release.
/// </summary>
internal static class RecordRules
{
    public static Decision Decide(State state, Event what, long? seen = null)
    {
        var wrong = what switch
        {
            Event.ControlPlaneStarted or Event.AdvisoriesFetched => null,
            Event.BuildStageEntered e => InPhase(state, e.Release, Phase.Building),
            Event.SuiteFinished e => InPhase(state, e.Release, Phase.Building),
            Event.VersionBuilt e => InPhase(state, e.Release, Phase.Building),
            Event.BuildFailed e => InPhase(state, e.Release, Phase.Building),
            Event.ComponentsAudited e => Built(state, e.Mark),
            Event.GateWaits e => Judged(state, e.Release, seen),
            Event.GateDecided e => Judged(state, e.Release, seen),
            Event.RehearsalBegun e => Rehearsable(state, e.Release),
            Event.RehearsalLifted e => Rehearsing(state, e.Release),
            Event.KillRehearsed e => Rehearsing(state, e.Release),
            Event.ReleaseAdmitted e => Admitted(state, e),
            Event.StepTaken e => Stepped(state, e),
            Event.OutcomesReported e => Counted(state, e),
            Event.ShadowReported e => Shadowed(state, e),
            Event.VerdictReached e => Judged(state, e),
            Event.Promoted e => Promotable(state, e.Release),
            Event.GuardEnded e => Guarded(state, e.Release),
            Event.RolledBack e => InPhase(state, e.Release, Phase.Starting, Phase.Ramping, Phase.Guarding),
            Event.InstancePlanned e => Planned(state, e),
            Event.InstanceStarted e => InPhase(state, e.Instance, InstancePhase.Planned),
            Event.InstanceHealthChanged e => HealthChanged(state, e),
            Event.InstanceStopping e => InPhase(
                state,
                e.Instance,
                InstancePhase.Planned,
                InstancePhase.Started,
                InstancePhase.Healthy,
                InstancePhase.Unhealthy
            ),
            Event.InstanceExited e => Alive(state, e.Instance),
            Event.InvariantsReported e => Alive(state, e.Instance),
            _ => throw new UnreachableException($"{what.GetType().Name} is no reconciler's to record"),
        };
        return wrong is null ? new Accepted(Consequences(state, what)) : new Refused(Refused.Overtaken, wrong);
    }

    /// <summary>A verdict and what follows from it are one decision: no crash can come between.</summary>
    private static IReadOnlyList<Event> Consequences(State state, Event what) =>
        what switch
        {
            Event.VerdictReached { Verdict: Verdict.Worse } e =>
            [
                e,
                new Event.RolledBack(e.Release, $"worse: {e.Reason}"),
            ],
            // With the guard's step the new version serves: no crash comes between, no client goes back and forth.
            Event.StepTaken e when IsGuard(state, e) => [e, new Event.Promoted(e.Release)],
            // A return to a good version has no guard: the version that it replaced is the one to get away from.
            Event.KillRehearsed { Stopped: false } e
                when Trials.IsDemanded(state.Releases[e.Release], Trials.KillRehearsed) =>
            [
                e,
                new Event.RolledBack(e.Release, $"{Trials.KillRehearsed}: {e.Found}"),
            ],
            Event.Promoted e when state.Releases[e.Release].Kind == ReleaseKind.Return =>
            [
                e,
                new Event.GuardEnded(e.Release),
            ],
            _ => [what],
        };

    private static string? InPhase(State state, ReleaseId id, params ReadOnlySpan<Phase> phases) =>
        state.Releases.GetValueOrDefault(id) is not { } release ? $"there is no {id}"
        : phases.Contains(release.Phase) ? null
        : $"{id} is {release.Phase}";

    private static string? InPhase(State state, InstanceId id, params ReadOnlySpan<InstancePhase> phases) =>
        state.Instances.GetValueOrDefault(id) is not { } instance ? $"there is no {id}"
        : phases.Contains(instance.Phase) ? null
        : $"{id} is {instance.Phase}";

    private static string? Built(State state, Mark mark) =>
        state.Versions.GetValueOrDefault(mark)?.Artifact is null ? $"{mark} has not been built" : null;

    private static string? Alive(State state, InstanceId id) =>
        state.Instances.GetValueOrDefault(id) is not { } instance ? $"there is no {id}"
        : instance.Phase == InstancePhase.Exited ? $"{id} has exited"
        : null;

    private static string? Forward(State state, Release release) =>
        release.Kind == ReleaseKind.Return
            ? null
            : Decider.Holding(state, release).FirstOrDefault(c => !c.Passed)?.Reason;

    private static string? Admitted(State state, Event.ReleaseAdmitted e)
    {
        if (InPhase(state, e.Release, Phase.Waiting) is { } wrong)
            return wrong;
        var release = state.Releases[e.Release];
        if (state.Live(release.Service) is { } live)
            return $"{live.Id} is {live.Phase}";
        if (state.Services[release.Service].Serving != e.Baseline)
            return "another version serves now";
        return Forward(state, release);
    }

    private static string? Stepped(State state, Event.StepTaken e)
    {
        if (InPhase(state, e.Release, Phase.Starting, Phase.Ramping) is { } wrong)
            return wrong;
        var release = state.Releases[e.Release];
        if (release.Kind == ReleaseKind.Return || release.Baseline is null)
            return "there is nothing to compare with";
        if (e.Step != release.Steps.Count || state.Plan(release).ShareOf(e.Step) is not { } share)
            return $"the next step is {release.Steps.Count}";
        if (e.Share != share)
            return $"step {e.Step} has a share of {share}";
        if (e.Step > 0 && !release.Steps[^1].HasPassed())
            return "the last step has no verdict";
        return Forward(state, release) ?? Served(state, release.Mark) ?? Untried(state, release);
    }

    private static bool IsGuard(State state, Event.StepTaken e) =>
        e.Step == state.Plan(state.Releases[e.Release]).Steps.Count;

    private static string? Counted(State state, Event.OutcomesReported e)
    {
        if (InPhase(state, e.Release, Phase.Ramping, Phase.Guarding) is { } wrong)
            return wrong;
        var steps = state.Releases[e.Release].Steps;
        return e.Step >= 0 && e.Step < steps.Count ? null : $"there is no step {e.Step}";
    }

    private static string? Shadowed(State state, Event.ShadowReported e) =>
        InPhase(state, e.Release, Phase.Starting)
        ?? (state.ShadowOf(state.Releases[e.Release]) is null ? $"{e.Release} has no shadow" : null);

    private static string? Judged(State state, Event.VerdictReached e)
    {
        var release = state.Releases.GetValueOrDefault(e.Release);
        if (e.Verdict == Verdict.Worse)
        {
            return InPhase(state, e.Release, Phase.Starting, Phase.Ramping, Phase.Guarding)
                ?? (e.Step == release!.CurrentStep ? null : $"the step is {release.CurrentStep}");
        }
        if (InPhase(state, e.Release, Phase.Ramping) is { } wrong)
            return wrong;
        if (e.Step != release!.CurrentStep)
            return $"the step is {release.CurrentStep}";
        var step = release.Steps[^1];
        if (e.Verdict == Verdict.NotEnoughEvidence && (step.Lacking is not null || step.HasPassed()))
            return "that the step lacks evidence is known, or true no more";
        return step.Reached is null ? null : "the step has its verdict";
    }

    private static string? Promotable(State state, ReleaseId id)
    {
        if (InPhase(state, id, Phase.Starting, Phase.Ramping) is { } wrong)
            return wrong;
        var release = state.Releases[id];
        if (release.Kind == ReleaseKind.Ship && release.Baseline is not null)
        {
            var plan = state.Plan(release);
            if (plan.GuardShare() is not null)
                return "the guard begins with a step";
            if (release.Steps.Count != plan.Steps.Count || !release.Steps.TrueForAll(s => s.HasPassed()))
                return "not every step has been good enough";
        }
        return Forward(state, release) ?? Served(state, release.Mark) ?? Untried(state, release);
    }

    /// <summary>While nothing goes through nothing is proven, and the version before it is kept warm.</summary>
    private static string? Guarded(State state, ReleaseId id) =>
        InPhase(state, id, Phase.Guarding)
        ?? (
            state.HaltOf(state.Releases[id].Service) is { } halt
                ? $"halted: {halt.Reason}"
                : Served(state, state.Releases[id].Mark)
        );

    /// <summary>What the gate let through on condition that it is tried before there is any traffic.</summary>
    private static string? Untried(State state, Release release) => Trials.Open(state, release);

    private static string? Judged(State state, ReleaseId id, long? seen) =>
        InPhase(state, id, Phase.Gating)
        ?? (seen < state.DutiesAt ? "persons, what is enforced or what serves changed since it was judged" : null);

    private static string? Rehearsable(State state, ReleaseId id) =>
        InPhase(state, id, Phase.Starting)
        ?? (
            state.Releases[id].Rehearsal is not null ? $"{id} was rehearsed"
            : !Trials.IsRehearsed(state.Releases[id]) ? $"no control asks {id} for a rehearsal"
            : Served(state, state.Releases[id].Mark)
        );

    private static string? Rehearsing(State state, ReleaseId id) =>
        InPhase(state, id, Phase.Starting)
        ?? (state.Releases[id].Rehearsal is { Ended: null } ? null : $"{id} is not being rehearsed");

    private static string? Served(State state, Mark mark) =>
        state.Running(mark).Any(i => i.Phase == InstancePhase.Healthy) ? null : $"{mark} has no healthy instance";

    private static string? Planned(State state, Event.InstancePlanned e)
    {
        if (e.Instance != state.NextInstance())
            return $"the next instance is {state.NextInstance()}";
        if (Built(state, e.Mark) is { } unbuilt)
            return unbuilt;
        return state.Running().Any(i => i.Port == e.Port) ? $"port {e.Port} is taken" : null;
    }

    private static string? HealthChanged(State state, Event.InstanceHealthChanged e) =>
        e.Healthy
            ? InPhase(state, e.Instance, InstancePhase.Started, InstancePhase.Unhealthy)
            : InPhase(state, e.Instance, InstancePhase.Started, InstancePhase.Healthy);
}
