using System.Diagnostics;
using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>What is to be said of a live release now. Pure.</summary>
public static class Verdicts
{
    /// <summary>Errors of the candidate in a step below which it is not said to fail more requests.</summary>
    private const int ErrorsThatCount = 5;

    /// <summary>Of its requests. What one client in trouble does to a service is less, mostly.</summary>
    private const double NoticeablyMore = 0.01;

    /// <summary>Candidate requests in a step below which the evidence alone lets nothing go up.</summary>
    private const int FewestRequests = 50;

    /// <param name="watching">
    /// Since when this control plane watches: what nobody looked at in a pause of the control plane is not held against
    /// a candidate that was to become healthy in that time.
    /// </param>
    public static VerdictNow Of(State state, Release release, DateTimeOffset now, DateTimeOffset watching)
    {
        var arms = new Arms(state, release);
        if (CannotStayUp(arms, now, watching) is { } down)
            return new(Verdict.Worse, down);
        if (release.Kind == ReleaseKind.Ship && BreaksInvariants(arms) is { } broken)
            return new(Verdict.Worse, broken);
        return release.Phase switch
        {
            Phase.Starting => Starting(arms),
            Phase.Ramping => Ramping(arms, now, watching),
            Phase.Guarding => Guarding(arms),
            _ => throw new UnreachableException($"{release.Id} is {release.Phase}, not live"),
        };
    }

    /// <summary>
    /// What stands against the next move of a release though its step has passed or its guard is over: what came in
    /// since, as after a freeze of days. Null where nothing does, or a person let it go on.
    /// </summary>
    public static string? Against(State state, Release release)
    {
        if (release.Kind != ReleaseKind.Ship || release.Steps.IsEmpty)
            return null;
        var arms = new Arms(state, release);
        var evidence = Weigh(arms);
        if (evidence.Worse)
            return Compared(release, evidence);
        return release.Phase switch
        {
            Phase.Ramping when release.Steps[^1].Reached is not null => Against(arms, evidence),
            Phase.Guarding when Alone(arms) is { } alone => Unusual(release, alone),
            Phase.Guarding when release.Steps[^1].Share.BasisPoints < Share.Whole => Doubted(arms, evidence),
            _ => null,
        };
    }

    /// <summary>Whether a step has lacked evidence for longer than the manifest allows, and nobody said so.</summary>
    public static bool IsOverdue(State state, Release release, DateTimeOffset now, DateTimeOffset watching) =>
        release.Phase == Phase.Ramping
        && release.Steps[^1] is { Lacking: null } step
        && !step.HasPassed()
        && state.Versions[release.Mark].Manifest.Rollout.PatienceSeconds is { } patience
        && now - step.At >= TimeSpan.FromSeconds(patience)
        && !OnlyWarms(new Arms(state, release), now, watching);

    /// <summary>It has its evidence, and its time is not over.</summary>
    private static bool OnlyWarms(Arms arms, DateTimeOffset now, DateTimeOffset watching) =>
        Missing(arms, Weigh(arms)) is null && Warming(arms, now, watching) is not null;

    /// <summary>What to record where a gateway has judged the step in force on the spot.</summary>
    public static Event.VerdictReached Tripped(State state, Release release)
    {
        var evidence = Weigh(new Arms(state, release));
        var reason = $"judged on the spot by the gateway: {Compared(release, evidence)}";
        return new(release.Id, release.CurrentStep, Verdict.Worse, reason, Logged(evidence), state.Size);
    }

    private static VerdictNow Starting(Arms arms)
    {
        var release = arms.Release;
        if (release.Shadow?.Total() is not { } copies)
            return new(
                Verdict.NotEnoughEvidence,
                arms.CandidateServes ? $"{release.Mark} has answered nobody yet" : $"{release.Mark} is not healthy yet"
            );
        var log = PairTest.Log(copies.FailedAlone, copies.AnsweredAlone);
        var threshold = -Math.Log((double)arms.Manifest.Rollout.FalseRollback);
        var reason =
            $"of {copies.Copies:N0} copies of requests it failed {copies.FailedAlone:N0} that {release.Baseline} did "
            + $"not, and {release.Baseline} {copies.AnsweredAlone:N0} that it did not; "
            + $"evidence {log:0.0} of {threshold:0.0}";
        return new(log >= threshold ? Verdict.Worse : Verdict.NotEnoughEvidence, reason);
    }

    private static VerdictNow Ramping(Arms arms, DateTimeOffset now, DateTimeOffset watching)
    {
        var release = arms.Release;
        var evidence = Weigh(arms);
        var logged = Logged(evidence);
        if (evidence.Worse)
            return new(Verdict.Worse, Compared(release, evidence), logged);
        if (release.Steps[^1].Reached is { } reached)
        {
            return Against(arms, evidence) is { } against
                ? new(Verdict.NotEnoughEvidence, against, logged)
                : new(reached.Verdict, reached.Reason, logged);
        }
        if (release.Steps[^1].Advanced is { } advanced)
            return new(Verdict.NotEnoughEvidence, $"advanced by {advanced.By}: {advanced.Reason}", logged);
        return (Missing(arms, evidence) ?? Warming(arms, now, watching)) is { } missing
            ? new(Verdict.NotEnoughEvidence, missing, logged)
            : new(Verdict.GoodEnough, Compared(release, evidence), logged);
    }

    /// <summary>Nothing is counted any more, but a report of the last step may come late.</summary>
    private static VerdictNow Guarding(Arms arms)
    {
        var release = arms.Release;
        var until = release.PhaseSince.AddSeconds(arms.Manifest.Rollout.GuardSeconds);
        var guarded = new VerdictNow(Verdict.NotEnoughEvidence, $"guarded until {until.UtcDateTime:HH:mm:ss} UTC");
        if (release.Steps.IsEmpty)
            return guarded;
        var evidence = Weigh(arms);
        if (evidence.Worse)
            return new(Verdict.Worse, Compared(release, evidence), Logged(evidence));
        return Alone(arms) is { } alone ? new(Verdict.Worse, Unusual(release, alone), Rounded(alone.Log)) : guarded;
    }

    /// <summary>The detector where it finds a version worse that has all traffic in its guard; else null.</summary>
    private static (double Log, double Threshold)? Alone(Arms arms)
    {
        var (release, plan) = (arms.Release, arms.Manifest.Rollout);
        return
            release.Phase == Phase.Guarding
            && release.Steps.Count > plan.Steps.Count
            && release.Steps[^1].Share.BasisPoints == Share.Whole
            && Recent.Alone(release, plan) is { } alone
            && alone.Log >= alone.Threshold
            ? alone
            : null;
    }

    private static string Unusual(Release release, (double Log, double Threshold) alone)
    {
        var candidate = release.Steps[^1].Total().Candidate;
        return $"{candidate.Errors:N0} errors of {candidate.Requests:N0} requests in the guard, "
            + $"with nothing held back; {release.Baseline} had {100 * Recent.Usual(release):0.##} %; "
            + $"evidence {alone.Log:0.0} of {alone.Threshold:0.0}";
    }

    private static string? BreaksInvariants(Arms arms)
    {
        var broken = arms.BrokenByCandidate().Select(r => $"{r.Name} ({r.Broken})").ToList();
        return broken.Count == 0 ? null : $"breaks what {arms.Release.Baseline} keeps: {string.Join(", ", broken)}";
    }

    private static string? CannotStayUp(Arms arms, DateTimeOffset now, DateTimeOffset watching)
    {
        var starting = arms.Release.Phase == Phase.Starting;
        // A first version in service has nobody to give its traffic to: it is started again for as long as it takes.
        if (!starting && arms.Release.Baseline is null)
            return null;
        var exits = arms.CandidateExits();
        // Each instance is started again once; and what ends both versions alike, such as a restart of the machine, is
        // no fault of the candidate.
        if (exits.Count > Trials.Instances(arms.Manifest) && (starting || arms.ExitsMore(exits.Count)))
        {
            return $"exited {exits.Count} times, last with {Code(exits[0].ExitCode)}: {exits[0].Note}";
        }
        // All of its instances are to be healthy before it has traffic; what was good before goes on with one.
        var serves = arms.CandidateServes;
        if (serves ? !starting || arms.Release.Kind == ReleaseKind.Return : !(starting || arms.BaselineServes))
            return null;
        if (!starting && arms.Candidates.FirstOrDefault(i => i.Phase == InstancePhase.Unhealthy) is { } unhealthy)
            return $"unhealthy while {arms.Release.Baseline} is healthy: {unhealthy.Note}";
        var within = TimeSpan.FromSeconds(arms.Manifest.Health.WithinSeconds);
        return arms.Candidates.FirstOrDefault(i => now - TriesSince(i, serves, now, watching) >= within) is { } late
            ? $"{(serves ? $"{late.Id} is " : "")}not healthy within {within.TotalSeconds:0} seconds"
            : null;
    }

    /// <summary>
    /// Since when it has tried to become healthy while somebody looked. A clock that was set back after that says
    /// nothing of it.
    /// </summary>
    private static DateTimeOffset TriesSince(Instance tries, bool serves, DateTimeOffset now, DateTimeOffset watching)
    {
        var since = tries.Phase switch
        {
            InstancePhase.Started => tries.PhaseSince,
            InstancePhase.Unhealthy => serves ? tries.PhaseSince : tries.PlannedAt,
            _ => DateTimeOffset.MaxValue,
        };
        return since > now && since != DateTimeOffset.MaxValue ? watching : Later(since, watching);
    }

    private static string? Missing(Arms arms, Evidence evidence)
    {
        var release = arms.Release;
        if (!arms.CandidateServes)
            return $"{release.Mark} has no healthy instance";
        if (Against(arms, evidence) is { } against)
            return against;
        var exposed = release.Steps[^1].Total().Candidate;
        var (_, wanted, cap) = arms.Manifest.Rollout.Steps[release.CurrentStep];
        if (exposed.Exposed >= wanted)
            return null;
        // Errors that probes meet at both versions would drown those that clients meet at one.
        if (evidence.Tolerable && exposed.Requests >= FewestRequests && !IsProbed(release))
            return null;
        if (cap is not null && exposed.Value[cap.Currency] >= cap.Amount)
            return null;
        var value = cap is null ? "" : $", {exposed.Value[cap.Currency]:#,0.##} of {cap.Amount:#,0.##} {cap.Currency}";
        return $"{exposed.Exposed:N0} of {wanted:N0} candidate requests{Probes(exposed)}{value}; "
            + $"evidence {Scale(evidence)}";
    }

    /// <summary>
    /// So latency is judged at the first share before the next. A clock that was set, and a pause of the control plane,
    /// let its time begin anew.
    /// </summary>
    private static string? Warming(Arms arms, DateTimeOffset now, DateTimeOffset watching)
    {
        var step = arms.Release.Steps[^1];
        var least = arms.Manifest.Rollout.FirstStepSeconds();
        if (step.Step > 0 || step.Used is not { } used || least == 0)
            return null;
        var since = used - now > WatchReconciler.Jump ? watching : Later(used, watching);
        var until = since.AddSeconds(least);
        return now < until
            ? $"{arms.Release.Mark} warms up; its first step lasts until {until.UtcDateTime:HH:mm:ss} UTC"
            : null;
    }

    private static string? Against(Arms arms, Evidence evidence) =>
        Recent.Incident(arms.Release) ?? MissingInvariants(arms) ?? Doubted(arms, evidence);

    private static string? Doubted(Arms arms, Evidence evidence) =>
        evidence.Doubtful
            ? $"held in doubt: evidence {Scale(evidence)} against {arms.Release.Mark}; it needs less, or more"
            : FailsMore(arms);

    /// <summary>
    /// A client counts as bad once in a release, so evidence ends where all who call have been counted, however much
    /// fails. One client alone may look like that too: it is held and not taken back.
    /// </summary>
    private static string? FailsMore(Arms arms)
    {
        var (release, (_, baseline, candidate)) = (arms.Release, arms.Release.Steps[^1].Total());
        var usual = baseline.Errors / Math.Max(1.0, baseline.Requests);
        var bearable = (double)arms.Manifest.Rollout.ToleratedRatio * usual + NoticeablyMore;
        return candidate.Errors >= ErrorsThatCount && candidate.Errors > bearable * candidate.Requests
            ? $"held: {candidate.Errors:N0} of {candidate.Requests:N0} requests failed at {release.Mark} in this step, "
                + $"and {baseline.Errors:N0} of {baseline.Requests:N0} at {release.Baseline}; few clients, or known"
            : null;
    }

    private static bool IsProbed(Release release) =>
        release.Steps.Exists(s => s.Tallies.Values.Any(t => t.Baseline.Probes + t.Candidate.Probes > 0));

    private static string Probes(ArmTally arm) =>
        arm.Probes == 0 ? ""
        : arm.ProbesFailed == 0 ? $" ({arm.Probes:N0} of them probes)"
        : $" ({arm.Probes - arm.ProbesFailed:N0} of them probes; {arm.ProbesFailed:N0} more probes failed)";

    private static string? MissingInvariants(Arms arms)
    {
        if (arms.Manifest.InvariantsPath is null)
            return null;
        if (arms.Broken().FirstOrDefault() is { } broken)
            return $"invariant {broken.Name} is broken, though not by {arms.Release.Mark} alone: {broken.Broken}";
        return arms
            .Candidates.Where(i => i.Phase == InstancePhase.Healthy)
            .All(i => Arms.ReportedInStep(arms.Release, i))
            ? null
            : $"{arms.Release.Mark} has not reported its invariants in this step";
    }

    /// <summary>What the log keeps of the evidence; a replay must come to these very digits.</summary>
    internal static decimal Logged(State state, Release release)
    {
        var arms = new Arms(state, release);
        var evidence = Weigh(arms);
        return !evidence.Worse && Alone(arms) is { } alone ? Rounded(alone.Log) : Logged(evidence);
    }

    private static Evidence Weigh(Arms arms) =>
        Judge.Weigh([.. arms.Release.Steps.Select(s => s.Total())], arms.Manifest.Rollout, arms.Signals);

    private static string Compared(Release release, Evidence evidence)
    {
        var baseline = release.Steps.Aggregate(ArmTally.None, (sum, s) => sum + s.Total().Baseline);
        var candidate = release.Steps.Aggregate(ArmTally.None, (sum, s) => sum + s.Total().Candidate);
        return $"{candidate.Errors:N0} errors and {Slow(candidate):N0} slow of {Requests(candidate)}, "
            + $"against {baseline.Errors:N0} and {Slow(baseline):N0} of {baseline.Requests:N0}; "
            + Telling(evidence, baseline, candidate)
            + $"evidence {Scale(evidence)}";
    }

    /// <summary>Which indicator it is that shows a worse candidate, where it is none of those told anyway.</summary>
    private static string Telling(Evidence evidence, ArmTally baseline, ArmTally candidate)
    {
        var name = evidence.Strongest.Name;
        return !evidence.Worse || name is Indicators.Errors or "slow-p99"
            ? ""
            : $"{name}: {candidate.Bad[name]:N0} against {baseline.Bad[name]:N0}; ";
    }

    private static string Requests(ArmTally arm) =>
        $"{arm.Requests:N0} requests" + (arm.Probes == 0 ? "" : $" ({arm.Probes:N0} of them probes)");

    private static long Slow(ArmTally arm) => arm.Bad["slow-p99"];

    private static string Scale(Evidence evidence) =>
        // Adding zero shows a rounded -0.04 as 0.0.
        $"{Math.Round(evidence.LogWorse, 1) + 0.0:0.0} of {evidence.Threshold:0.0}";

    private static decimal Logged(Evidence evidence) => Rounded(evidence.LogWorse);

    private static decimal Rounded(double log) => decimal.Round((decimal)log, 3);

    private static string Code(int? exitCode) => exitCode is { } code ? $"code {code}" : "no known code";

    private static DateTimeOffset Later(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;
}
