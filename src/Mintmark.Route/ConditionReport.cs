namespace Mintmark.Route;

/// <summary>How a gateway is, for people. Not part of its report, which is read many times a second.</summary>
/// <param name="Gateway">Names this run of it.</param>
public sealed record ConditionReport(
    string Gateway,
    TableReport Table,
    ConnectionsReport Connections,
    TurnedAwayReport TurnedAway
);

/// <param name="Revision">0 where it has none.</param>
/// <param name="Since">When it was put; null where there is none.</param>
/// <param name="FromDisk">The control plane has put none since the gateway's start.</param>
/// <param name="Heard">When the control plane last asked; null where it has not since the gateway's start.</param>
public sealed record TableReport(long Revision, DateTimeOffset? Since, bool FromDisk, DateTimeOffset? Heard);

/// <param name="Open">Of clients, at present.</param>
/// <param name="Most">That may be open at once.</param>
/// <param name="Each">Of these, by one address beyond this machine.</param>
public sealed record ConnectionsReport(int Open, int Most, int Each);

/// <summary>Who was turned away or cut off, and had it in hand.</summary>
/// <param name="Since">The gateway's start.</param>
/// <param name="Reasons">How often, by reason; those that never were are not in it.</param>
/// <param name="Clients">The most first.</param>
public sealed record TurnedAwayReport(
    DateTimeOffset Since,
    IReadOnlyDictionary<string, long> Reasons,
    IReadOnlyList<OffenderReport> Clients
);

/// <param name="From">An IPv4 address, or the /64 of an IPv6 address.</param>
/// <param name="TooHigh">By how much the count may be too high, where more clients came than are told apart.</param>
/// <param name="Why">The last time.</param>
public sealed record OffenderReport(string From, long Count, long TooHigh, DateTimeOffset Last, string Why);
