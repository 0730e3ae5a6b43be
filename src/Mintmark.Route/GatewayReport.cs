using Mintmark.Releases;

namespace Mintmark.Route;

/// <summary>What a gateway tells the control plane. All counts only grow over one run of the gateway.</summary>
/// <param name="Gateway">Names this run of this gateway, anew at each start.</param>
/// <param name="Sequence">Grows with each change; a listener that has the latest waits for the next.</param>
/// <param name="Revision">Of the route table in force.</param>
/// <param name="Steps">The step in force of each release, and the last few before it.</param>
/// <param name="Instances">Every instance with requests in flight, and every one in the table.</param>
/// <param name="Latencies">By version, over some seconds, or minutes where these hold too few.</param>
/// <param name="Past">By version, over some minutes.</param>
/// <param name="Ignored">By version, what it said and nobody counts; none where there is nothing.</param>
/// <param name="Shadows">By release whose candidate gets copies of requests; null or none where there is none.</param>
/// <param name="Refused">By service, what its limits kept out; null or none where that is nothing.</param>
/// <param name="Leaving">Another process has taken its place, and it answers what it has; the name of its control
/// socket until it ends. Null of one that serves.</param>
public sealed record GatewayReport(
    string Gateway,
    long Sequence,
    long Revision,
    IReadOnlyList<StepReport> Steps,
    IReadOnlyList<InstanceLoad> Instances,
    IReadOnlyList<LatencyReport> Latencies,
    IReadOnlyList<PastReport> Past,
    IReadOnlyList<IgnoredReport> Ignored,
    IReadOnlyList<RefusedReport>? Refused = null,
    IReadOnlyList<ShadowReport>? Shadows = null,
    string? Leaving = null
);

/// <param name="Tripped">The gateway has judged the candidate worse and given its share back to the baseline.</param>
public sealed record StepReport(ReleaseId Release, int Step, ArmTally Baseline, ArmTally Candidate, bool Tripped);

public sealed record ShadowReport(ReleaseId Release, ShadowTally Counts);

public sealed record InstanceLoad(InstanceId Instance, int InFlight);

/// <param name="Requests">How many requests the window holds.</param>
/// <param name="Microseconds">Quantiles of the time from the request's head to the answer's last byte, by the indicator
/// of slowness that each is for.</param>
public sealed record LatencyReport(Mark Mark, long Requests, ByName<long> Microseconds);

/// <param name="Requests">Answered requests.</param>
/// <param name="Bad">Of these, by indicator: errors and signals.</param>
public sealed record PastReport(Mark Mark, long Requests, ByName<long> Bad);

/// <summary>Who has called a version through this gateway, by identity: the header or the cookie of a client.</summary>
/// <param name="Clients">Since <paramref name="Since"/>.</param>
/// <param name="IsLowerBound">There were more than a gateway keeps apart.</param>
/// <param name="Lately">Of these, in the last 15 minutes.</param>
/// <param name="Since">When this run of the gateway was first told of the version.</param>
/// <param name="LastUse">By anybody, also by clients without identity; null for never.</param>
/// <param name="Gateways">Of how many this is the sum; null for one. Who calls two of them is counted twice.</param>
public sealed record ClientsReport(
    Mark Mark,
    long Clients,
    bool IsLowerBound,
    long Lately,
    DateTimeOffset Since,
    DateTimeOffset? LastUse,
    int? Gateways = null
);

/// <param name="Names">Of signals that the version sends and does not declare, the first few.</param>
/// <param name="Signals">How often one was sent.</param>
/// <param name="Values">How many values at stake were none, or in one currency too many.</param>
public sealed record IgnoredReport(Mark Mark, IReadOnlyList<string> Names, long Signals, long Values);

/// <summary>Requests that came to no instance, so that they count for no version.</summary>
/// <param name="OfClient">Beyond what one client may send.</param>
/// <param name="OfService">Beyond what all clients may send.</param>
/// <param name="Busy">Beyond what the instances answer without making them wait.</param>
public sealed record RefusedReport(ServiceName Service, long OfClient, long OfService, long Busy);
