using Mintmark.Evidence;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>A service's test cases, as the full suite of its latest version had them.</summary>
/// <param name="Mark">That version.</param>
/// <param name="Cases">How many the suite had.</param>
/// <param name="Missing">Ids of cases that a version in service had and this one has not.</param>
/// <param name="Unverified">Ids of requirements that no case of this version verifies.</param>
public sealed record CasesAnswer(
    ServiceName Service,
    Mark Mark,
    DateTimeOffset BuiltAt,
    int Cases,
    IReadOnlyList<RequirementAnswer> Requirements,
    IReadOnlyList<CaseAnswer> All,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Flaky,
    IReadOnlyList<string> Unverified
);

/// <param name="State">verified, failing or not-verified.</param>
/// <param name="Known">Whether the requirements' file has it; null where there is no such file.</param>
/// <param name="Cases">Ids of those that verify it.</param>
public sealed record RequirementAnswer(
    string Id,
    string? Title,
    bool? Known,
    bool Linked,
    string State,
    IReadOnlyList<string> Cases
);

/// <param name="State">passed, failed, skipped or retried in this version's full suite; missing, retired, smoke-only or
/// gone where that has it not.</param>
/// <param name="Last">The last version whose full suite had it.</param>
/// <param name="Smoke">What the smoke suite made of it, which counts for no requirement.</param>
/// <param name="History">Newest first.</param>
public sealed record CaseAnswer(
    string Id,
    string State,
    IReadOnlyList<CaseLink> Verifies,
    Mark? First,
    Mark? Last,
    long Milliseconds,
    string? Smoke,
    string? Flaky,
    Retirement? Retired,
    IReadOnlyList<CaseRun> History
);

public sealed record CaseRun(Mark Mark, string Result);

public sealed record RetireRequest(ServiceName Service, string Case, string Reason, string? By);

/// <summary>What a version is made of, and what is known of that now.</summary>
/// <param name="Packages">By ecosystem, as package URLs name them.</param>
/// <param name="Snapshot">Digest of the advisories; null where there are none.</param>
/// <param name="Open">Worst first.</param>
public sealed record ComponentsAnswer(
    Mark Mark,
    IReadOnlyDictionary<string, int> Packages,
    IReadOnlyList<Tool> Tools,
    IReadOnlyList<string> Systems,
    IReadOnlyList<string> NotCovered,
    string? Snapshot,
    int? Advisories,
    IReadOnlyList<FindingAnswer> Open,
    IReadOnlyList<ExcusedAnswer> Excused,
    string SupportTable,
    IReadOnlyList<PastSupportAnswer> PastSupport
);

/// <param name="Score">CVSS base score; null where nobody says: it counts as the worst.</param>
/// <param name="Days">Since it was published.</param>
public sealed record FindingAnswer(
    string Advisory,
    IReadOnlyList<string> Aliases,
    string Package,
    string Summary,
    decimal? Score,
    DateTimeOffset Known,
    int Days
);

/// <param name="File">Of the statement that excuses it.</param>
public sealed record ExcusedAnswer(string Advisory, string Package, string File, DateTimeOffset Until);

/// <param name="Days">Since it ended.</param>
public sealed record PastSupportAnswer(string Product, string Cycle, string Part, DateOnly Ended, int Days);

/// <param name="Sources">Folders and files of the home that are read.</param>
/// <param name="Mirror">Addresses that the team has named, without what may be secret in them.</param>
/// <param name="EverySeconds">How often they are fetched unasked; null for never.</param>
/// <param name="Failure">Why the last fetch failed; null where it went well.</param>
/// <param name="Snapshot">Digest of all; null where there are none.</param>
public sealed record AdvisoriesAnswer(
    IReadOnlyList<string> Sources,
    IReadOnlyList<string> Mirror,
    long? EverySeconds,
    DateTimeOffset? FetchedAt,
    long? AgeSeconds,
    string? Failure,
    string? Snapshot,
    int? Advisories
);

public sealed record FetchRequest(string? By);
