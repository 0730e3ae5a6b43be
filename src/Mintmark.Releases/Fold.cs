using System.Collections.Immutable;
using System.Diagnostics;

namespace Mintmark.Releases;

/// <summary>
/// The fold: state and entry to state. Every event that was ever logged must pass through here for ever.
/// </summary>
public static class Fold
{
    public static State Apply(State state, Entry entry)
    {
        var (at, by, what) = entry;
        var next = what switch
        {
            Event.ControlPlaneStarted or Event.CommandRefused or Event.LogKeyRotated => state,
            Event.AuthorErased e => EraseRules.Apply(state, e),
            Event.ShipRequested e => Shipped(state, e, at, by),
            Event.ReturnRequested e => Opened(state, e.Release, ReleaseKind.Return, e.Mark, e.Reason, at, by),
            Event.BuildStageEntered e => With(
                state,
                e.Release,
                r => r with { Phase = Phase.Building, Stage = e.Stage, PhaseSince = at }
            ),
            Event.SuiteFinished e => WithVersionOf(state, e.Release, v => Tested(v, e.Result)),
            Event.VersionBuilt e => With(
                WithVersionOf(state, e.Release, v => v with { Artifact = e.Artifact }),
                e.Release,
                r => r with { Phase = Phase.Gating, Stage = null, PhaseSince = at }
            ),
            Event.BuildFailed e => Ended(state, e.Release, Outcome.Failed, e.Reason, at),
            Event.ComponentsAudited e => Audited(state, e, at),
            Event.AdvisoriesFetched e => state with { Advisories = new(at, by, e.From, e.Digest, e.Advisories) },
            Event.CaseRetired e => CaseRules.Apply(state, e, at, by),
            Event.GateDecided e => Gated(state, e, at),
            Event.ReleaseAdmitted e => With(
                state,
                e.Release,
                r => r with { Phase = Phase.Starting, PhaseSince = at, Baseline = e.Baseline, Admission = state.Size }
            ),
            Event.StepTaken e => With(state, e.Release, r => Stepped(state, r, e, at)),
            Event.OutcomesReported e => With(state, e.Release, r => Counted(r, e, at)),
            Event.ShadowReported e => With(
                state,
                e.Release,
                r => r with { Shadow = (r.Shadow ?? ShadowRecord.Empty).With(e) }
            ),
            Event.VerdictReached e => With(state, e.Release, r => Judged(r, e, at)),
            Event.StepAdvanced e => With(state, e.Release, r => Advanced(r, e, at, by)),
            Event.Promoted e => Promoted(state, e.Release, at),
            Event.GuardEnded e => GuardEnded(state, e.Release, at),
            Event.RolledBack e => RolledBack(state, e, at),
            Event.Halted or Event.Resumed or Event.Frozen or Event.Thawed => Holds.Apply(state, what, at, by),
            _ => InstanceFold.Apply(state, what, at)
                ?? PeopleFold.Apply(state, what, at, by)
                ?? throw new UnreachableException(what.GetType().Name),
        };
        return next with { Size = state.Size + 1 };
    }

    internal static State With(State state, ReleaseId id, Func<Release, Release> change) =>
        state with
        {
            Releases = state.Releases.SetItem(id, change(state.Releases[id])),
        };

    internal static State With(State state, ServiceName name, Func<Service, Service> change) =>
        state with
        {
            Services = state.Services.SetItem(
                name,
                change(state.Services.GetValueOrDefault(name) ?? Service.New(name))
            ),
        };

    private static State WithVersionOf(State state, ReleaseId id, Func<ServiceVersion, ServiceVersion> change)
    {
        var mark = state.Releases[id].Mark;
        return state with { Versions = state.Versions.SetItem(mark, change(state.Versions[mark])) };
    }

    /// <summary>A build that starts again runs its suites again: the later result stands.</summary>
    private static ServiceVersion Tested(ServiceVersion version, SuiteResult result) =>
        version with
        {
            Suites = version.Suites.RemoveAll(s => s.Suite == result.Suite).Add(result),
        };

    private static State Shipped(State state, Event.ShipRequested e, DateTimeOffset at, Actor by)
    {
        var version = new ServiceVersion(e.Mark, e.Release, e.Source, e.Manifest, null, []);
        var opened = With(
            Opened(state, e.Release, ReleaseKind.Ship, e.Mark, e.Reason, at, by),
            e.Release,
            r => r with { Emergency = e.Emergency }
        );
        return With(opened, e.Mark.Service, s => s with { Builds = e.Mark.Number }) with
        {
            Versions = state.Versions.Add(e.Mark, version),
        };
    }

    private static State Opened(
        State state,
        ReleaseId id,
        ReleaseKind kind,
        Mark mark,
        string reason,
        DateTimeOffset at,
        Actor by
    )
    {
        Invariant.Require(id == state.NextRelease(), "releases are counted without gaps");
        var phase = kind == ReleaseKind.Ship ? Phase.Building : Phase.Waiting;
        var release = new Release(id, kind, mark, by, reason, at, phase, at, null, null, [], [], [], null, null, null)
        {
            Requester = state.PersonOf(by)?.Name,
            Entry = state.Size,
        };
        var known = state with { Releases = state.Releases.Add(id, release) };
        return With(known, mark.Service, s => s with { Open = s.Open.Add(id) });
    }

    private static State Audited(State state, Event.ComponentsAudited e, DateTimeOffset at)
    {
        var version = state.Versions[e.Mark] with { Audited = new AuditRecord(at, e.Audit) };
        return state with { Versions = state.Versions.SetItem(e.Mark, version) };
    }

    private static State Gated(State state, Event.GateDecided e, DateTimeOffset at)
    {
        var decided = With(
            state,
            e.Release,
            r => r with { Gate = [.. e.Controls], Phase = Phase.Waiting, PhaseSince = at, Awaited = null }
        );
        var refused = e.Controls.Where(c => c.Refuses).Select(c => $"{c.Control}: {c.Reason}").ToList();
        return refused.Count == 0
            ? LetThrough(decided, e.Release)
            : Ended(decided, e.Release, Outcome.Refused, string.Join("; ", refused), at);
    }

    /// <summary>Let through again, after what served was taken back, it is still one emergency.</summary>
    private static State LetThrough(State state, ReleaseId id) =>
        state.Releases[id] is { Emergency: true, EmergencyReview: null } release
        && !state.Services[release.Service].Emergencies.Contains(id)
            ? With(state, release.Service, s => s with { Emergencies = s.Emergencies.Add(id) })
            : state;

    private static Release Stepped(State state, Release release, Event.StepTaken e, DateTimeOffset at)
    {
        Invariant.Require(e.Step == release.Steps.Count, "steps are taken one after another");
        var step = new StepRecord(
            e.Step,
            e.Share,
            at,
            e.Thresholds,
            e.PastRates,
            ImmutableSortedDictionary<string, StepTally>.Empty,
            null
        )
        {
            Entry = state.Size,
        };
        return release with
        {
            Phase = Phase.Ramping,
            PhaseSince = at,
            // Only of the step in force is it of interest when its counts grew.
            Steps = release.Steps.ConvertAll(s => s with { Marks = null }).Add(step),
            // Versions may share their data: what the candidate breaks soon shows at the baseline too.
            Kept =
                e.Step == 0 && release.Baseline is { } baseline
                    ? [.. state.Kept(baseline, release.Entry)]
                    : release.Kept,
        };
    }

    private static Release Counted(Release release, Event.OutcomesReported e, DateTimeOffset at)
    {
        var counting = new Counting(release, e.Step, e.Gateway);
        counting.Add(e, at);
        return counting.Release;
    }

    private static Release Judged(Release release, Event.VerdictReached e, DateTimeOffset at)
    {
        // Before the first step there is none to judge. In a guard that is no step the last one keeps the verdict that
        // ended it: what is worse there is told by the release's outcome.
        if (e.Step < 0 || (release.Phase == Phase.Guarding && release.Steps[e.Step].Reached is not null))
            return release;
        var verdict = new StepVerdict(at, e.Verdict, e.Reason, e.LogEvidence);
        var step = release.Steps[e.Step];
        // That evidence is lacking ends no step: it goes on until there is some.
        var judged =
            e.Verdict == Verdict.NotEnoughEvidence ? step with { Lacking = verdict } : step with { Reached = verdict };
        return release with { Steps = release.Steps.SetItem(e.Step, judged) };
    }

    private static Release Advanced(Release release, Event.StepAdvanced e, DateTimeOffset at, Actor by) =>
        release with
        {
            Steps = release.Steps.SetItem(
                e.Step,
                release.Steps[e.Step] with
                {
                    Advanced = new Advance(at, by, e.Reason),
                }
            ),
        };

    private static State Promoted(State state, ReleaseId id, DateTimeOffset at)
    {
        var release = state.Releases[id];
        var promoted = With(state, id, r => r with { Phase = Phase.Guarding, PhaseSince = at });
        return With(promoted, release.Service, s => s with { Serving = release.Mark });
    }

    private static State GuardEnded(State state, ReleaseId id, DateTimeOffset at)
    {
        var release = state.Releases[id];
        var ended = Ended(state, id, Outcome.Promoted, "in service", at);
        return With(
            ended,
            release.Service,
            s =>
                s with
                {
                    Good = release.Kind == ReleaseKind.Ship ? s.Good.Add(release.Mark) : UpTo(s.Good, release.Mark),
                }
        );
    }

    /// <summary>After a return to an older version, the newer ones are no longer good ones to go back to.</summary>
    private static ImmutableList<Mark> UpTo(ImmutableList<Mark> good, Mark mark) =>
        good.GetRange(0, good.IndexOf(mark) + 1);

    private static State RolledBack(State state, Event.RolledBack e, DateTimeOffset at)
    {
        var release = state.Releases[e.Release];
        var ended = Ended(state, e.Release, Outcome.RolledBack, e.Reason, at);
        return release.Phase == Phase.Guarding
            ? AskedAgain(With(ended, release.Service, s => s with { Serving = release.Baseline }), release.Service, at)
            : ended;
    }

    /// <summary>
    /// What the gate let through, it let through beside the version that served then: a database, say, that works with
    /// that one may not work with the one before. What it is about to say is overtaken as well.
    /// </summary>
    private static State AskedAgain(State state, ServiceName service, DateTimeOffset at) =>
        state
            .Open(service)
            .Where(r => r is { Phase: Phase.Waiting, Kind: ReleaseKind.Ship })
            .Aggregate(
                state with
                {
                    DutiesAt = state.Size + 1,
                },
                (s, r) => With(s, r.Id, w => w with { Phase = Phase.Gating, PhaseSince = at })
            );

    internal static State Ended(State state, ReleaseId id, Outcome outcome, string reason, DateTimeOffset at)
    {
        var ended = With(
            state,
            id,
            r =>
                r with
                {
                    Phase = Phase.Ended,
                    Stage = null,
                    PhaseSince = at,
                    Outcome = outcome,
                    OutcomeReason = reason,
                    EndedAt = at,
                    Awaited = null,
                    Steps = r.Steps.ConvertAll(s => s with { Marks = null }),
                }
        );
        return With(ended, state.Releases[id].Service, s => s with { Open = s.Open.Remove(id) });
    }
}
