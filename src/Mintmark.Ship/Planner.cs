using Mintmark.Releases;

namespace Mintmark.Ship;

/// <summary>The next forward move of a release. Pure; rolling back is decided by verdicts and people.</summary>
public static class Planner
{
    /// <summary>How long the first step waits until the baseline has said which invariants it keeps.</summary>
    internal static readonly TimeSpan LongestWaitForBaseline = TimeSpan.FromSeconds(5);

    /// <param name="past">Of a version.</param>
    /// <returns>Null where the release does not move now; <see cref="Progress"/> says why.</returns>
    public static Event? Next(State state, Release release, DateTimeOffset now, Func<Mark, Past> past)
    {
        if (release.Phase == Phase.Guarding)
            return GuardIsOver(state, release, now) ? new Event.GuardEnded(release.Id) : null;
        if (Held(state, release) is not null)
            return null;
        return release.Phase switch
        {
            Phase.Waiting => Admission(state, release),
            Phase.Starting when IsHealthy(state, release.Mark) && Trials.Open(state, release) is null => FirstMove(
                state,
                release,
                now,
                past
            ),
            Phase.Ramping when release.Steps[^1].HasPassed() && IsHealthy(state, release.Mark) => Step(
                state,
                release,
                past
            ),
            _ => null,
        };
    }

    /// <summary>The freeze or halt that stands against the release's next move. None stands against a return.</summary>
    internal static ControlResult? Held(State state, Release release) =>
        release.Kind == ReleaseKind.Return
            ? null
            : Decider.Holding(state, release).FirstOrDefault(control => !control.Passed);

    internal static bool IsHealthy(State state, Mark mark) =>
        state.Running(mark).Any(i => i.Phase == InstancePhase.Healthy);

    internal static RolloutPlan Plan(State state, Release release) => state.Plan(release);

    internal static DateTimeOffset GuardEnds(State state, Release release) =>
        release.PhaseSince.AddSeconds(Plan(state, release).GuardSeconds);

    /// <summary>
    /// While nothing goes through nothing is proven, and a version that is down has not lived through its guard: the
    /// old version stays warm.
    /// </summary>
    private static bool GuardIsOver(State state, Release release, DateTimeOffset now) =>
        now >= GuardEnds(state, release) && state.HaltOf(release.Service) is null && IsHealthy(state, release.Mark);

    private static Event.ReleaseAdmitted? Admission(State state, Release release) =>
        state.Live(release.Service) is null ? new(release.Id, state.Services[release.Service].Serving) : null;

    private static Event? FirstMove(State state, Release release, DateTimeOffset now, Func<Mark, Past> past)
    {
        if (release.Kind == ReleaseKind.Return || release.Baseline is null)
            return new Event.Promoted(release.Id);
        return AwaitsBaseline(state, release, now) || IsShadowed(state, release, now)
            ? null
            : Step(state, release, past);
    }

    /// <summary>
    /// Which invariants the baseline keeps is to be known before the candidate can break them. A baseline that cannot
    /// say so does not stop its own successor for long.
    /// </summary>
    internal static bool AwaitsBaseline(State state, Release release, DateTimeOffset now) =>
        release.Baseline is { } baseline
        && state.Versions[release.Mark].Manifest.InvariantsPath is not null
        && state.Versions[baseline].Manifest.InvariantsPath is not null
        && state
            .Running(baseline)
            .Any(i => i.Phase == InstancePhase.Healthy && !(i.Invariants?.Entry > release.Admission))
        && now - HealthySince(state, release) < LongestWaitForBaseline;

    /// <summary>
    /// Copies are to be answered before the first client is: so many, or for so long, and in either case without doubt.
    /// </summary>
    internal static bool IsShadowed(State state, Release release, DateTimeOffset now)
    {
        if (state.ShadowOf(release) is not { } plan)
            return false;
        var counts = release.Shadow?.Total() ?? ShadowTally.None;
        return counts.IsDoubtful(Plan(state, release).ToleratedRatio)
            || (counts.Copies < plan.Requests && now < ShadowEnds(state, release, plan));
    }

    internal static DateTimeOffset ShadowEnds(State state, Release release, ShadowPlan plan) =>
        HealthySince(state, release).AddSeconds(plan.WithinSeconds);

    private static DateTimeOffset HealthySince(State state, Release release) =>
        state.Running(release.Mark).Where(i => i.Phase == InstancePhase.Healthy).Min(i => i.PhaseSince);

    /// <summary>What is slow, and what was usual, is fixed here for the whole step, from the past only.</summary>
    private static Event Step(State state, Release release, Func<Mark, Past> past)
    {
        var next = release.Steps.Count;
        var rollout = Plan(state, release);
        if (rollout.ShareOf(next) is not { } share)
            return new Event.Promoted(release.Id);
        var before = past(release.Baseline!.Value);
        var thresholds = before.Thresholds(rollout);
        var rates = before.RatesBeyond(thresholds);
        var taken = new Event.StepTaken(release.Id, next, share, thresholds, rates);
        return release.Steps.IsEmpty ? taken : TakenOver(release.Steps[^1], taken);
    }

    /// <summary>
    /// What the past does not tell now, as where a gateway was replaced, is slow as it was in the step before. That is
    /// of the past too, and of the same baseline: a release has one.
    /// </summary>
    private static Event.StepTaken TakenOver(StepRecord before, Event.StepTaken taken)
    {
        var untold = Indicators.Slow.Select(s => s.Name).Where(name => taken.Thresholds.Find(name) is null).ToList();
        var thresholds = before.Thresholds.Where(t => untold.Contains(t.Key)).Select(t => (t.Key, t.Value));
        var rates = before.PastRates.Where(r => untold.Contains(r.Key)).Select(r => (r.Key, r.Value));
        return taken with
        {
            Thresholds = taken.Thresholds + ByName.Of<long>([.. thresholds]),
            PastRates = taken.PastRates + ByName.Of<decimal>([.. rates]),
        };
    }
}
