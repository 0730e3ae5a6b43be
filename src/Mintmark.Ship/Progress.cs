using System.Diagnostics;
using Mintmark.Releases;

namespace Mintmark.Ship;

/// <summary>Where a release is and, where it does not move, exactly why. Pure.</summary>
public static class Progress
{
    /// <param name="evidence">What is still missing for a verdict on the step in force.</param>
    /// <param name="against">What the judge has against the next move; null for nothing.</param>
    public static string Explain(
        State state,
        Release release,
        DateTimeOffset now,
        Func<Release, string> evidence,
        Func<State, Release, string?>? against = null
    )
    {
        var doubt = against?.Invoke(state, release);
        var held = Planner.Held(state, release) is { } control ? $"; {control.Reason}" : "";
        return release.Phase switch
        {
            Phase.Building => $"building {release.Mark}: {Stage(release)} since {Time(release.PhaseSince)}",
            Phase.Gating => Gating(release),
            Phase.Waiting => Waiting(state, release) + held,
            Phase.Starting => Starting(state, release, now) + held,
            Phase.Ramping => Ramping(state, release, evidence, doubt, held),
            Phase.Guarding => Guarding(state, release, now, doubt),
            Phase.Ended =>
                $"ended {Time(release.EndedAt!.Value)}: {Ending(release.Outcome!.Value)}, {release.OutcomeReason}",
            _ => throw new UnreachableException(release.Phase.ToString()),
        };
    }

    private static string Stage(Release release) =>
        release.Stage is { } stage ? stage.ToString().ToLowerInvariant() : "not begun";

    private static string Gating(Release release)
    {
        if (release.Awaited is not { } awaited)
            return $"{release.Mark} is at the gate";
        var open = awaited
            .Controls.Where(c => c.Standing == Standing.Awaited)
            .Select(c => $"{c.Control}: {c.Reason}" + (c.Remedy is { } remedy ? $" ({remedy})" : ""));
        return $"{release.Mark} waits for people since {Time(awaited.Since)}: {string.Join("; ", open)}";
    }

    private static string Waiting(State state, Release release)
    {
        if (state.Live(release.Service) is not { } live)
            return $"{release.Mark} is next to start";
        return live.Phase == Phase.Guarding
            ? $"waiting for {live.Id}'s guard until {Time(Planner.GuardEnds(state, live))}"
            : $"waiting for {live.Id} ({live.Mark}), which is {live.Phase.ToString().ToLowerInvariant()}";
    }

    private static string Starting(State state, Release release, DateTimeOffset now)
    {
        if (Planner.IsHealthy(state, release.Mark))
        {
            if (Trials.Open(state, release) is { } open)
                return $"{release.Mark} is healthy; {open}";
            return Planner.AwaitsBaseline(state, release, now)
                    ? $"{release.Mark} is healthy; waiting to hear which invariants {release.Baseline} keeps"
                : Planner.IsShadowed(state, release, now) ? Shadowed(state, release)
                : $"{release.Mark} is healthy";
        }
        return state.Running(release.Mark).LastOrDefault() is { } instance
            ? $"waiting for {instance.Id} of {release.Mark} to become healthy: "
                + $"{instance.Phase.ToString().ToLowerInvariant()} since {Time(instance.PhaseSince)}"
                + (instance.Note is { } note ? $" ({note})" : "")
            : $"waiting for an instance of {release.Mark}";
    }

    private static string Shadowed(State state, Release release)
    {
        var plan = state.ShadowOf(release)!;
        var counts = release.Shadow?.Total() ?? ShadowTally.None;
        var where =
            $"{release.Mark} answers copies of {plan.Share} of the requests, for nobody: "
            + $"{counts.Copies:N0} of {plan.Requests:N0}";
        return counts.IsDoubtful(Planner.Plan(state, release).ToleratedRatio)
            ? $"{where}; held in doubt: it failed {counts.FailedAlone:N0} that {release.Baseline} did not"
            : $"{where}, until {Time(Planner.ShadowEnds(state, release, plan))} at most";
    }

    private static string Ramping(
        State state,
        Release release,
        Func<Release, string> evidence,
        string? doubt,
        string held
    )
    {
        var step = release.Steps[^1];
        var steps = Planner.Plan(state, release).Steps.Count;
        var where = $"step {step.Step + 1} of {steps}: {release.Mark} has {step.Share} of the traffic";
        if (!step.HasPassed())
            return $"{where}; {evidence(release)}{Lacking(state, release, step)}{held}";
        var healthy = Planner.IsHealthy(state, release.Mark);
        var passed =
            step.Reached is null ? $"goes on by {step.Advanced!.By}'s word"
            : doubt is not null ? $"was good enough; {doubt}"
            : healthy ? "is good enough"
            : "was good enough";
        return $"{where} and {passed}{(healthy ? "" : ", but has no healthy instance")}{held}";
    }

    private static string Lacking(State state, Release release, StepRecord step) =>
        step.Lacking is not { } lacking
            ? ""
            : Planner.Plan(state, release).WithoutEvidence switch
            {
                WithoutEvidence.Wait => $"; not enough since {Time(lacking.At)}, and waits for it",
                WithoutEvidence.Probe => $"; not enough since {Time(lacking.At)}: probes are being sent",
                WithoutEvidence.Ask => $"; not enough since {Time(lacking.At)}: a person decides, "
                    + $"with: mint advance {release.Id} --reason \"…\"",
                var other => throw new UnreachableException(other.ToString()),
            };

    private static string Guarding(State state, Release release, DateTimeOffset now, string? doubt)
    {
        var ends = Planner.GuardEnds(state, release);
        var warm = Kept(state, release);
        if (now < ends)
            return $"{release.Mark} serves; guarded until {Time(ends)}{warm}";
        if (state.HaltOf(release.Service) is { } halt)
            return $"{release.Mark} serves; its guard goes on{warm}: halted by {halt.By}: {halt.Reason}";
        if (doubt is not null)
            return $"{release.Mark} serves; its guard goes on{warm}: {doubt}";
        return Planner.IsHealthy(state, release.Mark)
            ? $"{release.Mark} serves; its guard ends when every gateway has been heard"
            : $"{release.Mark} has no healthy instance; its guard goes on until it has{warm}";
    }

    private static string Kept(State state, Release release) =>
        release.Baseline is not { } baseline ? ""
        : state.GuardStep(release) is { Share.BasisPoints: < Share.Whole and var share }
            ? $", {new Share(Share.Whole - share)} held back on {baseline}"
        : $", {baseline} kept warm";

    private static string Ending(Outcome outcome) =>
        outcome switch
        {
            Outcome.Promoted => "promoted",
            Outcome.RolledBack => "rolled back",
            Outcome.Refused => "refused",
            Outcome.Failed => "failed",
            _ => throw new UnreachableException(outcome.ToString()),
        };

    private static string Time(DateTimeOffset at) => $"{at.UtcDateTime:HH:mm:ss} UTC";
}
