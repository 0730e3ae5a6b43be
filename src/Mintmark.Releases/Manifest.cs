using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>What a service declares of itself in <c>mint.yaml</c>, checked and with its defaults filled in.</summary>
/// <param name="Profile">Line of business, one of <see cref="Profiles.All"/>.</param>
/// <param name="InvariantsPath">Path that answers whether the business invariants hold; null where none is
/// declared.</param>
/// <param name="Configuration">Files of the repository that are part of the version, as relative paths.</param>
/// <param name="Requirements">How commits link to requirements; null where they need not.</param>
/// <param name="Timeouts">Null where none are declared, and in logs from before there were any: the usual ones.</param>
/// <param name="OnHalt">What becomes of requests that are under way when the service is halted; null: drained.</param>
/// <param name="Signals">Names that the service may send in <c>Mint-Signal</c>, judged as errors are.</param>
/// <param name="Database">What it is written for; null where it says nothing of one.</param>
/// <param name="Validation">Of its model; null where it has none.</param>
/// <param name="Secrets">What looks like one and is none; null where there is nothing such.</param>
/// <param name="Surge">Null where it takes whatever comes.</param>
/// <param name="Hosts">Names, in small letters, under which clients call it beside SERVICE.localhost; null for
/// none.</param>
public sealed record Manifest(
    ServiceName Name,
    string Profile,
    BuildPlan Build,
    SuitePlan Smoke,
    SuitePlan Full,
    RunPlan Run,
    HealthPlan Health,
    string? InvariantsPath,
    IReadOnlyList<string> Configuration,
    RolloutPlan Rollout,
    IReadOnlyList<string>? Signals = null,
    SurgePlan? Surge = null,
    RequirementsPlan? Requirements = null,
    Timeouts? Timeouts = null,
    InFlight? OnHalt = null,
    DatabasePlan? Database = null,
    ValidationPlan? Validation = null,
    SecretsPlan? Secrets = null,
    IReadOnlyList<string>? Hosts = null
);

/// <param name="File">CSV or JSON of the repository with the requirements' titles; null where none is named.</param>
/// <param name="Pattern">Regular expression of an id, looked for in subject lines and trailers.</param>
/// <param name="Trailers">Names of trailers, such as <c>Refs</c>.</param>
/// <param name="Cases">How test cases say what they verify; null for as usual.</param>
public sealed record RequirementsPlan(
    string? File,
    string Pattern,
    IReadOnlyList<string> Trailers,
    CasesPlan? Cases = null
)
{
    public const string DefaultPattern = "[A-Z][A-Z0-9]+-[0-9]+";

    public static readonly IReadOnlyList<string> DefaultTrailers = ["Refs", "Closes", "Fixes"];
}

/// <param name="File">CSV or JSON of the repository that says which case verifies what; null where none is
/// named.</param>
/// <param name="Names">Whether ids in names of cases count, with <c>_</c> for <c>-</c>.</param>
public sealed record CasesPlan(string? File, bool Names = true);

/// <summary>How long an instance may take with a request.</summary>
/// <param name="ConnectMilliseconds">To take a connection.</param>
/// <param name="HeadersMilliseconds">From what it was sent last to its answer's head.</param>
/// <param name="IdleMilliseconds">Between two parts of its answer.</param>
/// <param name="TotalMilliseconds">From the request's coming to its answer's end; null for as long as it takes.</param>
public sealed record Timeouts(
    long ConnectMilliseconds,
    long HeadersMilliseconds,
    long IdleMilliseconds,
    long? TotalMilliseconds = null
)
{
    public static readonly Timeouts Usual = new(2_000, 100_000, 100_000);
}

[JsonConverter(typeof(KebabConverter<InFlight>))]
public enum InFlight
{
    /// <summary>They go on to their end.</summary>
    Drain,

    /// <summary>They end at once.</summary>
    Cut,
}

/// <param name="Command">Shell command, run in a clean checkout; it leaves its output in <c>$OUT</c>.</param>
/// <param name="Reproducible">It is built twice, and both outputs must be the same.</param>
public sealed record BuildPlan(string Command, int TimeoutSeconds, bool Reproducible = false);

/// <param name="Results">Where the command leaves JUnit or TRX results, relative to the checkout.</param>
public sealed record SuitePlan(string Command, string Results, int TimeoutSeconds);

/// <param name="Command">Shell command, run in the unpacked artifact with PORT, MINTMARK and MINTMARK_DATA set.</param>
/// <param name="MemoryBytes">Limit of each instance.</param>
/// <param name="OpenFiles">Limit of each instance.</param>
/// <param name="Protocol">That it speaks on its port; null for HTTP/1.1.</param>
/// <param name="Instances">How many run of each version, 1 to <see cref="MostInstances"/>; null for one.</param>
public sealed record RunPlan(
    string Command,
    long MemoryBytes,
    int OpenFiles,
    Protocol? Protocol = null,
    int? Instances = null
)
{
    public const int MostInstances = 16;

    [JsonIgnore]
    public bool SpeaksHttp2 => Protocol == Releases.Protocol.H2c;
}

[JsonConverter(typeof(KebabConverter<Protocol>))]
public enum Protocol
{
    Http1,

    /// <summary>HTTP/2 without TLS and by prior knowledge, as gRPC servers speak it.</summary>
    H2c,
}

/// <param name="Path">Answers 200 when the instance can take traffic.</param>
/// <param name="WithinSeconds">How long a new instance may take until it first does.</param>
public sealed record HealthPlan(string Path, int WithinSeconds);

/// <param name="FalseRollback">α: the probability, over a whole release, of taking back a version that is no
/// worse.</param>
/// <param name="ToleratedRatio">How many times the baseline's error rate a candidate may show and still go up.</param>
/// <param name="GuardSeconds">How long the old version is kept warm after promotion.</param>
/// <param name="WithoutEvidence">What becomes of a step that has lacked evidence for that long.</param>
/// <param name="PatienceSeconds">How long a step may lack evidence before that; null for ever.</param>
/// <param name="Holdback">What stays on the old version during the guard, so that the two can still be compared; null
/// in logs from before there was one: then the guard is no step.</param>
/// <param name="ByName">Whether a request may name the version that shall answer it; null for no.</param>
/// <param name="Probes">What is sent where <see cref="WithoutEvidence.Probe"/> says so; null for none.</param>
/// <param name="Shadow">What comes before the first step; null for nothing.</param>
/// <param name="ToleratedDelayMilliseconds">An answer that takes no longer than that beyond the baseline's is not slow,
/// whatever the ratio says; null in logs from before there was one, for none.</param>
/// <param name="WarmUpSeconds">From the candidate's first request on, in which nothing is slow; null in logs from
/// before there was one, for none.</param>
public sealed record RolloutPlan(
    IReadOnlyList<StepPlan> Steps,
    decimal FalseRollback,
    decimal ToleratedRatio,
    int GuardSeconds,
    WithoutEvidence WithoutEvidence = WithoutEvidence.Wait,
    int? PatienceSeconds = null,
    Assignment Assignment = Assignment.Client,
    Share? Holdback = null,
    IReadOnlyList<Probe>? Probes = null,
    bool? ByName = null,
    ShadowPlan? Shadow = null,
    long? ToleratedDelayMilliseconds = null,
    int? WarmUpSeconds = null
)
{
    /// <summary>
    /// How long the first step lasts at least, from the candidate's first request on: for one half of it latency is
    /// judged.
    /// </summary>
    public int FirstStepSeconds() => 2 * (WarmUpSeconds ?? 0);

    /// <summary>The share that the new version has in its guard; null where the guard is no step.</summary>
    public Share? GuardShare() => Holdback is { } held ? new Share(Share.Whole - held.BasisPoints) : null;

    /// <summary>The share of a step; the guard is the one after the last. Null where there is no such step.</summary>
    public Share? ShareOf(int step) =>
        step < 0 ? null
        : step < Steps.Count ? Steps[step].Share
        : step == Steps.Count ? GuardShare()
        : null;
}

[JsonConverter(typeof(KebabConverter<WithoutEvidence>))]
public enum WithoutEvidence
{
    /// <summary>It stays where it is until there is evidence.</summary>
    Wait,

    /// <summary>It stays where it is until there is evidence, or a person lets it go on.</summary>
    Ask,

    /// <summary>It stays where it is until there is evidence, and gateways send the declared probes for it.</summary>
    Probe,
}

/// <summary>A GET that a gateway sends by itself, to either version by lot as any client's request.</summary>
/// <param name="Path">As clients of the service know it, with its query.</param>
/// <param name="Expect">The status that a version which is not broken answers with, 200 to 599.</param>
public sealed record Probe(string Path, int Expect)
{
    public const int MostDeclared = 10;
    public const int LeastExpected = 200;
    public const int MostExpected = 599;
}

/// <summary>What draws a lot, and is the unit that the judge counts.</summary>
[JsonConverter(typeof(KebabConverter<Assignment>))]
public enum Assignment
{
    /// <summary>A client stays with its version, and counts once.</summary>
    Client,

    /// <summary>Each request draws anew; its retries (of the same Idempotency-Key) are one with it.</summary>
    Request,
}

/// <param name="Requests">Exposed requests without alarm that let the release go up from this step.</param>
/// <param name="Value">Exposed value without alarm that does so as well; null where none is declared.</param>
public sealed record StepPlan(Share Share, int Requests, Money? Value = null)
{
    /// <summary>Who gets the new version from this step on, whatever the share; null for nobody.</summary>
    public Guests? Guests { get; init; }
}

/// <summary>People and cohorts that have no part in the lots, so that none of theirs counts.</summary>
/// <param name="Clients">Their digests: who they are does not enter the log.</param>
/// <param name="Cohorts">Headers with a value, such as <c>X-Tenant: acme</c>.</param>
public sealed record Guests(IReadOnlyList<string> Clients, IReadOnlyList<string> Cohorts)
{
    public const int Most = 1_000;

    private const int DigestLength = 16;

    /// <summary>
    /// Of a client as <c>Mint-Client</c> names it: the first half of SHA-256 over the service's name, a zero byte and
    /// the
    /// client's, in hexadecimal.
    /// </summary>
    public static string Digest(ServiceName service, string client) =>
        Convert.ToHexStringLower(
            SHA256
                .HashData([.. Encoding.UTF8.GetBytes(service.Value), 0, .. Encoding.UTF8.GetBytes(client)])
                .AsSpan(0, DigestLength)
        );
}

public static class Profiles
{
    public static readonly IReadOnlyList<string> All =
    [
        "cryptocurrency",
        "automated-trading",
        "human-trading",
        "valuation",
        "consumer-banking",
        "voting",
        "credit-scoring",
    ];
}
