using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Watch;

namespace Mintmark.Server;

/// <summary>
/// What the API takes. With a person's own token it is that person who asks, and <c>By</c> is left out; with the
/// home's, <c>By</c> names who asks.
/// </summary>
/// <param name="Repository">Folder of a git repository on this machine.</param>
/// <param name="Commit">Anything that git resolves to a commit; HEAD where it is left out.</param>
/// <param name="Emergency">Held to fewer controls, consented to by a second person, reviewed afterwards.</param>
public sealed record ShipRequest(
    string Repository,
    string? Commit,
    string Reason,
    string? By = null,
    bool Emergency = false
);

/// <param name="Service">Left out, it means everything.</param>
public sealed record HoldRequest(ServiceName? Service, string Reason, string? By = null);

/// <param name="To">Left out, it means the last good version.</param>
public sealed record RollbackRequest(ServiceName Service, Mark? To, string Reason, string? By = null);

public sealed record AdvanceRequest(ReleaseId Release, string Reason, string? By = null);

public sealed record EraseRequest(Mark Mark, string Reason, string? By = null);

public sealed record RotateKeyRequest(string Reason, string? By = null);

/// <param name="Entry">From the next one on the new key signs.</param>
/// <param name="Key">Its verifier keys, one a line.</param>
public sealed record KeyRotated(long Entry, string Key)
{
    /// <summary>What has to be done for the control planes that stand by; null where the log is a file.</summary>
    public string? Standbys { get; init; }
}

/// <param name="Release">The release that the command made, moved or took back, where it did.</param>
/// <param name="Revision">Size of the log with the command in it.</param>
/// <param name="InForce">Whether every gateway that answers has confirmed it, and at least one has.</param>
/// <param name="By">Whom the log has as who asked.</param>
/// <param name="Away">Gateways that do not answer, or where it is not in force have not confirmed it: if they run, they
/// go by the table that they had; null for none.</param>
public sealed record Done(
    ReleaseId? Release,
    long Revision,
    bool InForce,
    string? By = null,
    IReadOnlyList<GatewayStatus>? Away = null
);

/// <param name="Gateway">The first of <paramref name="Gateways"/>.</param>
/// <param name="Gateways">All of the home; null in answers of before there were several.</param>
public sealed record StatusAnswer(
    string Version,
    long Revision,
    string Root,
    GatewayStatus Gateway,
    Hold? Halted,
    Hold? Frozen,
    IReadOnlyList<ServiceStatus> Services,
    IReadOnlyDictionary<string, string> Troubles,
    IReadOnlyList<GatewayStatus>? Gateways = null
);

/// <param name="Connected">Whether the gateway answers.</param>
/// <param name="Revision">Of the state whose routes are in force; of one that does not answer, as it last said, and -1
/// where it never did.</param>
/// <param name="Run">Of the gateway, as entries of the log with its counts name it; null where none has
/// answered.</param>
/// <param name="HeardAt">When it last answered.</param>
/// <param name="Leaving">Another process has taken its place; this one answers what it has.</param>
/// <param name="Table">The routes that it goes by; null where it does not say, and where only few words of it are
/// wanted.</param>
/// <param name="Connections">Likewise.</param>
/// <param name="TurnedAway">Likewise.</param>
public sealed record GatewayStatus(
    string Address,
    bool Connected,
    long Revision,
    string? Run = null,
    DateTimeOffset? HeardAt = null,
    bool? Leaving = null,
    TableReport? Table = null,
    ConnectionsReport? Connections = null,
    TurnedAwayReport? TurnedAway = null
);

/// <param name="Gateway">Its address; left out, it means all, one after the other.</param>
public sealed record ReplaceRequest(string? Gateway);

/// <param name="Gateways">Those that were replaced, with the runs that serve now.</param>
public sealed record Replaced(IReadOnlyList<GatewayStatus> Gateways);

/// <param name="Clients">By version that the gateway routes to; none where it does not answer.</param>
/// <param name="Unreviewed">Emergency releases that nobody has looked at since; null for none.</param>
/// <param name="Enforced">Controls of the profile that can refuse a version; null for none.</param>
/// <param name="Relaxed">Of these, what is only observed for a while; null for none.</param>
/// <param name="Freezes">Windows that begin within a day; null for none.</param>
public sealed record ServiceStatus(
    ServiceName Name,
    Mark? Serving,
    Hold? Halted,
    Hold? Frozen,
    IReadOnlyList<Mark> Good,
    IReadOnlyList<Instance> Instances,
    IReadOnlyList<ReleaseAnswer> Open,
    string Address,
    IReadOnlyList<ClientsReport> Clients,
    IReadOnlyList<ReleaseId>? Unreviewed = null,
    IReadOnlyList<string>? Enforced = null,
    IReadOnlyList<RelaxedControl>? Relaxed = null,
    IReadOnlyList<ComingFreeze>? Freezes = null
);

/// <summary>An enforced control that is only observed until a time.</summary>
public sealed record RelaxedControl(string Control, DateTimeOffset Until, Actor By, string Reason);

/// <param name="Explanation">Where the release is and, if it does not move, why.</param>
/// <param name="LogEvidence">ln of the e-value against "no worse"; with <paramref name="Threshold"/> of it, the
/// verdict is worse.</param>
/// <param name="Outlook">What the open step still needs; null where none is open.</param>
/// <param name="LastLines">End of the failed stage's output.</param>
/// <param name="Clients">Of its version and the one that it is compared with, as far as the gateway routes to them;
/// null where nobody asked it.</param>
public sealed record ReleaseAnswer(
    long Revision,
    Release Release,
    ServiceVersion Version,
    string Explanation,
    double? LogEvidence,
    double? Threshold,
    IReadOnlyList<Instance> Instances,
    string? BuildLog,
    IReadOnlyList<string> LastLines,
    Outlook? Outlook = null,
    IReadOnlyList<ClientsReport>? Clients = null
);
