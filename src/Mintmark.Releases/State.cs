using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>All that the log says, folded. Immutable: whoever holds one sees one moment.</summary>
/// <param name="Size">Entries folded; also the state's revision.</param>
/// <param name="Halted">Set while everything is halted.</param>
/// <param name="Frozen">Set while every service is frozen.</param>
/// <param name="DutiesAt">
/// Size when persons, what they said of a version or what is enforced last changed, or what served was taken back.
/// </param>
/// <param name="Advisories">The last that were fetched; null where none were.</param>
public sealed record State(
    long Size,
    Hold? Halted,
    Hold? Frozen,
    ImmutableSortedDictionary<ServiceName, Service> Services,
    ImmutableSortedDictionary<Mark, ServiceVersion> Versions,
    ImmutableSortedDictionary<ReleaseId, Release> Releases,
    ImmutableSortedDictionary<InstanceId, Instance> Instances,
    ImmutableSortedDictionary<PersonName, Person> Persons,
    long DutiesAt,
    FetchedAdvisories? Advisories = null
)
{
    public static readonly State Empty = new(
        0,
        null,
        null,
        ImmutableSortedDictionary<ServiceName, Service>.Empty,
        ImmutableSortedDictionary<Mark, ServiceVersion>.Empty,
        ImmutableSortedDictionary<ReleaseId, Release>.Empty,
        ImmutableSortedDictionary<InstanceId, Instance>.Empty,
        ImmutableSortedDictionary<PersonName, Person>.Empty,
        0
    );

    public ReleaseId NextRelease() => new(Releases.Count + 1);

    public InstanceId NextInstance() => new(Instances.Count + 1);

    /// <summary>Who did something with a token of his own; null where the home's was borne.</summary>
    public Person? PersonOf(Actor by) =>
        PersonName.TryParse(by.Name, null, out var name) ? Persons.GetValueOrDefault(name) : null;

    public Service? Find(ServiceName name) => Services.GetValueOrDefault(name);

    /// <summary>Why nothing may go through to the service, or null.</summary>
    public Hold? HaltOf(ServiceName service) => Halted ?? Find(service)?.Halted;

    /// <summary>Why the service may not move forward, or null.</summary>
    public Hold? FreezeOf(ServiceName service) => Frozen ?? Find(service)?.Frozen;

    /// <summary>
    /// The releases of a service that have not ended, oldest first: at most one on its way and one in guard.
    /// </summary>
    public IEnumerable<Release> Open(ServiceName service) => Find(service)?.Open.Select(id => Releases[id]) ?? [];

    /// <summary>Every release that has not ended.</summary>
    public IEnumerable<Release> Open() => Services.Values.SelectMany(s => s.Open).Select(id => Releases[id]);

    /// <summary>The release of a service whose candidate or warm predecessor runs beside the serving version.</summary>
    public Release? Live(ServiceName service) => Open(service).FirstOrDefault(r => r.Phase >= Phase.Starting);

    public RolloutPlan Plan(Release release) => Versions[release.Mark].Manifest.Rollout;

    /// <summary>
    /// Whether gateways send probes for the step in force: from when it has lacked evidence for too long until it ends.
    /// </summary>
    public bool IsProbed(Release release) =>
        release.Phase == Phase.Ramping
        && release.Steps[^1] is { Lacking: not null } step
        && !step.HasPassed()
        && Plan(release).WithoutEvidence == WithoutEvidence.Probe;

    /// <summary>
    /// What the candidate's copies of requests are to be, from its start until its first step; null for none. Without a
    /// version that serves there are no requests to copy, and a version that was good needs no proof.
    /// </summary>
    public ShadowPlan? ShadowOf(Release release) =>
        release is { Phase: Phase.Starting, Kind: ReleaseKind.Ship, Baseline: not null } ? Plan(release).Shadow : null;

    /// <summary>The step that a release in guard is in; null elsewhere, and in a guard that is no step.</summary>
    public StepRecord? GuardStep(Release release) =>
        release.Phase == Phase.Guarding && release.Steps.Count > Plan(release).Steps.Count ? release.Steps[^1] : null;

    /// <summary>Instances whose process may exist.</summary>
    public IEnumerable<Instance> Running() => Services.Values.SelectMany(s => s.Running).Select(id => Instances[id]);

    public IEnumerable<Instance> Running(Mark mark) =>
        Find(mark.Service)?.Running.Select(id => Instances[id]).Where(i => i.Mark == mark) ?? [];

    /// <summary>Invariants that a version has reported since then, and every instance that names them keeps.</summary>
    /// <param name="entry">Of the log.</param>
    public IEnumerable<string> Kept(Mark mark, long entry) =>
        Running(mark)
            .Where(i => i.Invariants?.Entry > entry)
            .SelectMany(i => i.Invariants!.Results)
            .GroupBy(r => r.Name)
            .Where(g => g.All(r => r.Broken is null))
            .Select(g => g.Key)
            .Order(StringComparer.Ordinal);
}

/// <param name="Since">When it was set.</param>
public sealed record Hold(DateTimeOffset Since, Actor By, string Reason);

/// <param name="Builds">How many marks have been given; the next mark's number less one.</param>
/// <param name="Serving">The version that gets what no candidate gets; null before the first release.</param>
/// <param name="Good">Versions that lived through their guard period, oldest first.</param>
/// <param name="Open">Releases that have not ended, oldest first.</param>
/// <param name="Running">Instances whose process may exist.</param>
/// <param name="Reviews">The last thousand, oldest first.</param>
/// <param name="Enforced">Controls of the profile that can refuse a version; the others are observed.</param>
/// <param name="Emergencies">Emergency releases that the gate let through and nobody has looked at since.</param>
/// <param name="Observed">Of the enforced ones, those that are only observed for a while.</param>
/// <param name="Retired">Test cases that are not missed, by id; null for none.</param>
public sealed record Service(
    ServiceName Name,
    int Builds,
    Mark? Serving,
    ImmutableList<Mark> Good,
    Hold? Halted,
    Hold? Frozen,
    ImmutableList<ReleaseId> Open,
    ImmutableList<InstanceId> Running,
    ImmutableList<Review> Reviews,
    ImmutableSortedDictionary<string, Enforcement> Enforced,
    ImmutableSortedDictionary<string, Relaxation> Observed,
    ImmutableList<ReleaseId> Emergencies,
    ImmutableSortedDictionary<string, Retirement>? Retired = null
)
{
    public static Service New(ServiceName name) =>
        new(
            name,
            0,
            null,
            [],
            null,
            null,
            [],
            [],
            [],
            ImmutableSortedDictionary<string, Enforcement>.Empty,
            ImmutableSortedDictionary<string, Relaxation>.Empty,
            []
        );

    /// <summary>Where a rollback goes that names no version; null where there is no other good one.</summary>
    public Mark? LastGood() => Good.Where(m => m != Serving).Select(m => (Mark?)m).LastOrDefault();
}

/// <summary>Why a test case is not missed.</summary>
public sealed record Retirement(DateTimeOffset At, Actor By, string Reason);

/// <param name="From">Addresses without what may be secret in them.</param>
/// <param name="Digest">Of the snapshot.</param>
public sealed record FetchedAdvisories(
    DateTimeOffset At,
    Actor By,
    IReadOnlyList<string> From,
    string Digest,
    int Advisories
);

/// <summary>One build of a service: code, configuration and flags as one unit.</summary>
/// <param name="Artifact">Null until it is built.</param>
/// <param name="Audited">Its components against later advisories; null where these said nothing else.</param>
public sealed record ServiceVersion(
    Mark Mark,
    ReleaseId BuiltBy,
    Source Source,
    Manifest Manifest,
    Artifact? Artifact,
    ImmutableList<SuiteResult> Suites,
    AuditRecord? Audited = null
);

public sealed record AuditRecord(DateTimeOffset At, AuditSummary Audit);

[JsonConverter(typeof(KebabConverter<Phase>))]
public enum Phase
{
    Building,
    Gating,
    Waiting,
    Starting,
    Ramping,
    Guarding,
    Ended,
}

[JsonConverter(typeof(KebabConverter<Outcome>))]
public enum Outcome
{
    Promoted,
    RolledBack,
    Refused,
    Failed,
}

[JsonConverter(typeof(KebabConverter<ReleaseKind>))]
public enum ReleaseKind
{
    Ship,
    Return,
}

/// <param name="Baseline">The version that served when this release was admitted; null for a first release.</param>
/// <param name="PhaseSince">When the release entered its phase (in Building: its stage; in Ramping: its step).</param>
/// <param name="Kept">Invariants that the baseline kept when the candidate got its first traffic.</param>
/// <param name="Shadow">Null where no copy of a request was reported.</param>
/// <param name="Requester">Who asked for it with a token of his own; null where the home's token was borne.</param>
/// <param name="Awaited">What people are awaited for at the gate; null elsewhere.</param>
/// <param name="Rehearsal">Null where none was begun.</param>
/// <param name="EmergencyReview">Null until an emergency release was looked at afterwards.</param>
public sealed record Release(
    ReleaseId Id,
    ReleaseKind Kind,
    Mark Mark,
    Actor By,
    string Reason,
    DateTimeOffset RequestedAt,
    Phase Phase,
    DateTimeOffset PhaseSince,
    BuildStage? Stage,
    Mark? Baseline,
    ImmutableList<ControlResult> Gate,
    ImmutableList<StepRecord> Steps,
    ImmutableList<string> Kept,
    Outcome? Outcome,
    string? OutcomeReason,
    DateTimeOffset? EndedAt,
    ShadowRecord? Shadow = null,
    PersonName? Requester = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Emergency = false,
    Awaited? Awaited = null,
    Rehearsal? Rehearsal = null,
    EmergencyReview? EmergencyReview = null
)
{
    public ImmutableList<Approval> Approvals { get; init; } = [];

    /// <summary>Index of the log's entry that asked for it.</summary>
    public long Entry { get; init; }

    /// <summary>Index of the entry that admitted it past the gate; 0 before.</summary>
    public long Admission { get; init; }

    public ServiceName Service => Mark.Service;

    /// <summary>Index of the step in force; -1 before the first.</summary>
    public int CurrentStep => Steps.Count - 1;
}

/// <param name="Thresholds">Latencies in µs by indicator beyond which a request is slow.</param>
/// <param name="PastRates">Rates of the baseline by indicator before the step, as far as they were known.</param>
/// <param name="Tallies">Counts by gateway run.</param>
/// <param name="Reached">The verdict that ended the step; null while it is open.</param>
/// <param name="Lacking">Set once the step has lacked evidence for longer than the manifest's patience.</param>
/// <param name="Marks">How the counts grew lately, while the step is in force; null before the first mark.</param>
/// <param name="Advanced">Who let the release go on from this step though evidence was lacking.</param>
/// <param name="Used">When the candidate's first request in it was reported; null where none was.</param>
public sealed record StepRecord(
    int Step,
    Share Share,
    DateTimeOffset At,
    ByName<long> Thresholds,
    ByName<decimal> PastRates,
    ImmutableSortedDictionary<string, StepTally> Tallies,
    StepVerdict? Reached,
    StepVerdict? Lacking = null,
    Advance? Advanced = null,
    ImmutableList<CountMark>? Marks = null,
    DateTimeOffset? Used = null
)
{
    /// <summary>Index of the log's entry that took it.</summary>
    public long Entry { get; init; }

    /// <summary>Whether the release may go on from this step: by evidence, or by a person's word.</summary>
    public bool HasPassed() => Reached?.Verdict == Verdict.GoodEnough || (Reached is null && Advanced is not null);

    /// <summary>The step's counts over all gateways.</summary>
    public StepTally Total() =>
        new(
            Share,
            Tallies.Values.Aggregate(ArmTally.None, (sum, t) => sum + t.Baseline),
            Tallies.Values.Aggregate(ArmTally.None, (sum, t) => sum + t.Candidate)
        )
        {
            PastRates = PastRates,
        };
}

public sealed record Advance(DateTimeOffset At, Actor By, string Reason);

public sealed record StepVerdict(DateTimeOffset At, Verdict Verdict, string Reason, decimal? LogEvidence);

[JsonConverter(typeof(KebabConverter<InstancePhase>))]
public enum InstancePhase
{
    Planned,
    Started,
    Healthy,
    Unhealthy,
    Stopping,
    Exited,
}

/// <param name="Pid">Null until the process is made.</param>
/// <param name="Digest">Of the files that it runs from, as they were when it started; null where nobody looked.</param>
/// <param name="Invariants">The last answer; null before the first.</param>
public sealed record Instance(
    InstanceId Id,
    Mark Mark,
    int Port,
    InstancePhase Phase,
    DateTimeOffset PlannedAt,
    DateTimeOffset PhaseSince,
    int? Pid,
    long? StartTicks,
    InvariantsRecord? Invariants,
    int? ExitCode,
    string? Note,
    string? Digest = null
)
{
    /// <summary>Index of the log's entry that planned it: clocks can be set back, and entries cannot.</summary>
    public long Entry { get; init; }

    /// <summary>Index of the entry that began its phase.</summary>
    public long PhaseEntry { get; init; }
}

/// <param name="Step">Step of the release in which the instance was asked.</param>
/// <param name="Entry">Index of the log's entry that says so.</param>
public sealed record InvariantsRecord(DateTimeOffset At, int? Step, IReadOnlyList<InvariantResult> Results, long Entry)
{
    public IEnumerable<InvariantResult> Broken() => Results.Where(r => r.Broken is not null);
}
