using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>One record of the log: when, by whom, what.</summary>
public sealed record Entry(DateTimeOffset At, Actor By, Event Event);

/// <summary>
/// Everything that can have happened. These names are in logs for ever: a changed meaning is a new event with a new
/// number behind its name and an upcaster for the old one.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(ControlPlaneStarted), "control-plane-started.1")]
[JsonDerivedType(typeof(CommandRefused), "command-refused.1")]
[JsonDerivedType(typeof(LogKeyRotated), "log-key-rotated.1")]
[JsonDerivedType(typeof(AuthorErased), "author-erased.1")]
[JsonDerivedType(typeof(PersonAdded), "person-added.1")]
[JsonDerivedType(typeof(PersonChanged), "person-changed.1")]
[JsonDerivedType(typeof(PersonRemoved), "person-removed.1")]
[JsonDerivedType(typeof(ControlsEnforced), "controls-enforced.1")]
[JsonDerivedType(typeof(ControlsObserved), "controls-observed.1")]
[JsonDerivedType(typeof(ShipRequested), "ship-requested.1")]
[JsonDerivedType(typeof(ReturnRequested), "return-requested.1")]
[JsonDerivedType(typeof(BuildStageEntered), "build-stage-entered.1")]
[JsonDerivedType(typeof(SuiteFinished), "suite-finished.1")]
[JsonDerivedType(typeof(VersionBuilt), "version-built.1")]
[JsonDerivedType(typeof(BuildFailed), "build-failed.1")]
[JsonDerivedType(typeof(ComponentsAudited), "components-audited.1")]
[JsonDerivedType(typeof(CommitReviewed), "commit-reviewed.1")]
[JsonDerivedType(typeof(GateWaits), "gate-waits.1")]
[JsonDerivedType(typeof(ReleaseApproved), "release-approved.1")]
[JsonDerivedType(typeof(ReleaseDeclined), "release-declined.1")]
[JsonDerivedType(typeof(EmergencyReviewed), "emergency-reviewed.1")]
[JsonDerivedType(typeof(AdvisoriesFetched), "advisories-fetched.1")]
[JsonDerivedType(typeof(CaseRetired), "case-retired.1")]
[JsonDerivedType(typeof(GateDecided), "gate-decided.1")]
[JsonDerivedType(typeof(ReleaseAdmitted), "release-admitted.1")]
[JsonDerivedType(typeof(InstancePlanned), "instance-planned.1")]
[JsonDerivedType(typeof(InstanceStarted), "instance-started.1")]
[JsonDerivedType(typeof(InstanceHealthChanged), "instance-health-changed.1")]
[JsonDerivedType(typeof(InstanceStopping), "instance-stopping.1")]
[JsonDerivedType(typeof(InstanceExited), "instance-exited.1")]
[JsonDerivedType(typeof(RehearsalBegun), "rehearsal-begun.1")]
[JsonDerivedType(typeof(RehearsalLifted), "rehearsal-lifted.1")]
[JsonDerivedType(typeof(KillRehearsed), "kill-rehearsed.1")]
[JsonDerivedType(typeof(ShadowReported), "shadow-reported.1")]
[JsonDerivedType(typeof(Old.StepTaken1), "step-taken.1")]
[JsonDerivedType(typeof(StepTaken), "step-taken.2")]
[JsonDerivedType(typeof(Old.OutcomesReported1), "outcomes-reported.1")]
[JsonDerivedType(typeof(OutcomesReported), "outcomes-reported.2")]
[JsonDerivedType(typeof(InvariantsReported), "invariants-reported.1")]
[JsonDerivedType(typeof(VerdictReached), "verdict-reached.1")]
[JsonDerivedType(typeof(StepAdvanced), "step-advanced.1")]
[JsonDerivedType(typeof(Promoted), "promoted.1")]
[JsonDerivedType(typeof(GuardEnded), "guard-ended.1")]
[JsonDerivedType(typeof(RolledBack), "rolled-back.1")]
[JsonDerivedType(typeof(Halted), "halted.1")]
[JsonDerivedType(typeof(Resumed), "resumed.1")]
[JsonDerivedType(typeof(Frozen), "frozen.1")]
[JsonDerivedType(typeof(Thawed), "thawed.1")]
public abstract partial record Event
{
    private Event() { }

    public sealed record ControlPlaneStarted(string Version) : Event;

    /// <summary>A person asked for something and was told no.</summary>
    public sealed record CommandRefused(string Command, ServiceName? Service, string Rule, string Reason) : Event;

    /// <summary>Another key signs the log from the next entry on.</summary>
    /// <param name="Handover">The note by which the key before hands over to it (c2sp.org/signed-note).</param>
    public sealed record LogKeyRotated(string Handover, string Reason) : Event;

    /// <summary>
    /// Who wrote these versions' commits is not kept any more. The log has a commitment, which says nothing alone.
    /// </summary>
    public sealed record AuthorErased(IReadOnlyList<Mark> Marks, string Reason) : Event;

    /// <param name="Emergency">Held to fewer controls, consented to by a second person, reviewed afterwards.</param>
    public sealed record ShipRequested(
        ReleaseId Release,
        Mark Mark,
        Source Source,
        Manifest Manifest,
        string Reason,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Emergency = false
    ) : Event;

    /// <summary>
    /// A rollback to a version that no longer runs: it must be started before traffic can return to it.
    /// </summary>
    public sealed record ReturnRequested(ReleaseId Release, Mark Mark, string Reason) : Event;

    public sealed record BuildStageEntered(ReleaseId Release, BuildStage Stage) : Event;

    public sealed record SuiteFinished(ReleaseId Release, SuiteResult Result) : Event;

    public sealed record VersionBuilt(ReleaseId Release, Artifact Artifact) : Event;

    /// <param name="Reason">What happened, without lines of the build's output: these may hold secrets.</param>
    public sealed record BuildFailed(ReleaseId Release, BuildStage Stage, string Reason) : Event;

    /// <summary>What runs was held against advisories again, and it came to something else than before.</summary>
    public sealed record ComponentsAudited(Mark Mark, AuditSummary Audit) : Event;

    /// <summary>Advisories were fetched from where the team said, and are others than before.</summary>
    /// <param name="From">Addresses without what may be secret in them.</param>
    /// <param name="Digest">Of the snapshot.</param>
    public sealed record AdvisoriesFetched(IReadOnlyList<string> From, string Digest, int Advisories) : Event;

    /// <summary>A test case that the service has no more is not missed any more.</summary>
    public sealed record CaseRetired(ServiceName Service, string Case, string Reason) : Event;

    /// <param name="Policy">Digest of what it was held to, as <c>sha256:…</c>; null in logs from before.</param>
    public sealed record GateDecided(ReleaseId Release, IReadOnlyList<ControlResult> Controls, string? Policy = null)
        : Event;

    /// <summary>The release may start its candidate beside the version that serves.</summary>
    /// <param name="Baseline">The version that serves; null for a first release.</param>
    public sealed record ReleaseAdmitted(ReleaseId Release, Mark? Baseline) : Event;

    /// <summary>Written before the process is made, so that no process is unknown to the log.</summary>
    public sealed record InstancePlanned(InstanceId Instance, Mark Mark, int Port) : Event;

    /// <param name="StartTicks">The kernel's start time of the process; with the pid it is the process's
    /// identity.</param>
    /// <param name="Digest">Of the files that it runs from, as they are on disk; null where nobody looked, and in logs
    /// from before.</param>
    public sealed record InstanceStarted(InstanceId Instance, int Pid, long StartTicks, string? Digest = null) : Event;

    public sealed record InstanceHealthChanged(InstanceId Instance, bool Healthy, string Reason) : Event;

    public sealed record InstanceStopping(InstanceId Instance, string Reason) : Event;

    /// <param name="ExitCode">Null where it could not be learnt, as for an adopted process.</param>
    public sealed record InstanceExited(InstanceId Instance, int? ExitCode, string Reason) : Event;

    /// <param name="Gateway">Which run of which gateway counted; its counts only grow.</param>
    public sealed record ShadowReported(ReleaseId Release, string Gateway, ShadowTally Counts) : Event;

    /// <param name="Thresholds">Latencies in µs by indicator beyond which a request is slow in this step, from the
    /// baseline's past; those without enough past are not there.</param>
    /// <param name="PastRates">Rates of the baseline by indicator before this step, as far as they are known.</param>
    public sealed record StepTaken(
        ReleaseId Release,
        int Step,
        Share Share,
        ByName<long> Thresholds,
        ByName<decimal> PastRates
    ) : Event;

    /// <param name="Gateway">Which run of which gateway counted; its counts only grow.</param>
    /// <param name="Sequence">Of the report, in that run: a gap is a report that held nothing new, or was lost.</param>
    public sealed record OutcomesReported(
        ReleaseId Release,
        int Step,
        string Gateway,
        long Sequence,
        ArmTally Baseline,
        ArmTally Candidate
    ) : Event;

    /// <param name="Step">Step of the release in which the instance was asked; null outside of steps.</param>
    public sealed record InvariantsReported(InstanceId Instance, int? Step, IReadOnlyList<InvariantResult> Results)
        : Event;

    /// <param name="LogEvidence">ln of the e-value against "no worse"; null where the verdict is not
    /// statistical.</param>
    /// <param name="Seen">Entries of the log whose counts were weighed: others may have come before this one was
    /// written. Null in logs that do not say: then all entries before it.</param>
    public sealed record VerdictReached(
        ReleaseId Release,
        int Step,
        Verdict Verdict,
        string Reason,
        decimal? LogEvidence,
        long? Seen = null
    ) : Event;

    /// <summary>A person lets a release go on from a step that lacks evidence.</summary>
    public sealed record StepAdvanced(ReleaseId Release, int Step, string Reason) : Event;

    public sealed record Promoted(ReleaseId Release) : Event;

    public sealed record GuardEnded(ReleaseId Release) : Event;

    public sealed record RolledBack(ReleaseId Release, string Reason) : Event;

    /// <param name="Service">Null halts everything.</param>
    public sealed record Halted(ServiceName? Service, string Reason) : Event;

    public sealed record Resumed(ServiceName? Service, string Reason) : Event;

    public sealed record Frozen(ServiceName? Service, string Reason) : Event;

    public sealed record Thawed(ServiceName? Service, string Reason) : Event;
}

[JsonConverter(typeof(KebabConverter<BuildStage>))]
public enum BuildStage
{
    Checkout,
    Build,
    Smoke,
    Full,
    Pack,
}
