using Mintmark.Releases;

namespace Mintmark.Route;

/// <summary>Everything a gateway knows. It holds one of these at a time and swaps it whole.</summary>
/// <param name="Revision">Size of the log whose fold this is; a gateway never goes back to a smaller one.</param>
/// <param name="Halted">Why nothing at all may go through; null where it may.</param>
public sealed record RouteTable(long Revision, string? Halted, IReadOnlyList<ServiceRoute> Services);

/// <param name="Halted">Why nothing may go through to this service; null where it may.</param>
/// <param name="Baseline">Gets what no candidate gets; null while no version is in service.</param>
/// <param name="Surge">As the version in service declares it; null where it takes whatever comes.</param>
/// <param name="Shadow">Null while nobody gets copies of requests.</param>
/// <param name="Rehearsal">Null while no version's kill is rehearsed.</param>
/// <param name="Hosts">Names of its own, in small letters; null for none.</param>
public sealed record ServiceRoute(
    ServiceName Service,
    string? Halted,
    Arm? Baseline,
    Comparison? Comparison,
    SurgePlan? Surge = null,
    Shadowing? Shadow = null,
    Rehearsing? Rehearsal = null,
    IReadOnlyList<string>? Hosts = null
);

/// <param name="Targets">Healthy instances only; empty while there is none.</param>
/// <param name="Signals">That the version declares; null for none.</param>
/// <param name="Timeouts">Null for the usual ones.</param>
/// <param name="OnHalt">Null to drain.</param>
/// <param name="Protocol">That its instances speak; null for HTTP/1.1.</param>
public sealed record Arm(
    Mark Mark,
    IReadOnlyList<Target> Targets,
    IReadOnlyList<string>? Signals = null,
    Timeouts? Timeouts = null,
    InFlight? OnHalt = null,
    Protocol? Protocol = null
);

/// <summary>A healthy instance on the loopback address.</summary>
public sealed record Target(InstanceId Instance, int Port);

/// <summary>A candidate that answers copies of requests, for nobody.</summary>
public sealed record Shadowing(ReleaseId Release, Arm Candidate, ShadowPlan Plan);

/// <summary>A candidate that answers at its own address and nowhere else, so that a halt of it can be tried.</summary>
/// <param name="Halted">Why nothing may go through to it; null where it may.</param>
public sealed record Rehearsing(ReleaseId Release, Arm Candidate, string? Halted);

/// <summary>A step in force: the candidate beside the baseline, and what the judge needs to trip on the spot.</summary>
/// <param name="Thresholds">By indicator of slowness, requests that take longer in µs are slow.</param>
/// <param name="PastRates">Of the baseline by indicator, before this step, as far as they are known.</param>
/// <param name="Signals">That are judged: those that both versions declare.</param>
/// <param name="Past">The release's earlier steps, over all gateways.</param>
/// <param name="Probed">Whether the gateway sends the probes of the rollout.</param>
public sealed record Comparison(
    ReleaseId Release,
    int Step,
    Share Share,
    Arm Candidate,
    ByName<long> Thresholds,
    ByName<decimal> PastRates,
    IReadOnlyList<string> Signals,
    RolloutPlan Rollout,
    IReadOnlyList<StepTally> Past,
    bool Probed = false
);
