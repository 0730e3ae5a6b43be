using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>
/// What a gateway has counted for one arm of a step, since the gateway started: counts only grow, so a repeated or
/// late report changes nothing.
/// </summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="Units">Requests less their retries, where a request is a unit; 0 where clients are.</param>
/// <param name="Errors">Requests answered with 5xx or not at all.</param>
/// <param name="Bad">Units by what is bad about them, by name of <see cref="Indicators"/>. A client is counted for its
/// first bad request in the release.</param>
/// <param name="Value">Money at stake in these requests, as the service says, by currency.</param>
/// <param name="Probes">Of the requests, those that the gateway sent by itself: each is a unit of its own.</param>
/// <param name="ProbesFailed">Of the probes, those not answered as expected: errors all.</param>
[JsonConverter(typeof(ArmTallyConverter))]
public sealed record ArmTally(
    long Requests,
    long Units,
    long Errors,
    ByName<long> Bad,
    ByName<decimal> Value,
    long Probes = 0,
    long ProbesFailed = 0
)
{
    public static readonly ArmTally None = new(0, 0, 0, ByName<long>.Empty, ByName<decimal>.Empty);

    /// <summary>Zeros are left out, so that equal counts are equal.</summary>
    public ByName<long> Bad { get; init; } = Bad.WithoutZeros();

    public ByName<decimal> Value { get; init; } = Value.WithoutZeros();

    /// <summary>
    /// Requests that count towards a step's end. A probe that fails at both versions is no evidence against either, and
    /// none that the candidate works.
    /// </summary>
    public long Exposed => Requests - ProbesFailed;

    /// <summary>Where units are clients, and nothing of value is at stake.</summary>
    public static ArmTally Of(long requests, long errors, params ReadOnlySpan<(string Indicator, long Units)> bad) =>
        new(requests, 0, errors, ByName.Of<long>(bad), ByName<decimal>.Empty);

    /// <summary>
    /// Units that are not bad; 0 where clients are the units. A report may have caught a unit before it was counted.
    /// </summary>
    public long Good(string indicator) => Math.Max(0, Units - Bad[indicator]);

    public static ArmTally operator +(ArmTally a, ArmTally b) =>
        new(
            a.Requests + b.Requests,
            a.Units + b.Units,
            a.Errors + b.Errors,
            a.Bad + b.Bad,
            a.Value + b.Value,
            a.Probes + b.Probes,
            a.ProbesFailed + b.ProbesFailed
        );

    /// <summary>The later of two reports of one gateway, whichever arrives first.</summary>
    public static ArmTally Later(ArmTally a, ArmTally b)
    {
        var bad = ByName.Greatest(a.Bad, b.Bad);
        var value = ByName.Greatest(a.Value, b.Value);
        // Nearly always b is the later one in all, as it is.
        var isLater =
            ReferenceEquals(bad, b.Bad)
            && ReferenceEquals(value, b.Value)
            && b.Requests >= a.Requests
            && b.Units >= a.Units
            && b.Errors >= a.Errors
            && b.Probes >= a.Probes
            && b.ProbesFailed >= a.ProbesFailed;
        return isLater
            ? b
            : new(
                Math.Max(a.Requests, b.Requests),
                Math.Max(a.Units, b.Units),
                Math.Max(a.Errors, b.Errors),
                bad,
                value,
                Math.Max(a.Probes, b.Probes),
                Math.Max(a.ProbesFailed, b.ProbesFailed)
            );
    }
}

/// <summary>Both arms of one step, counted while the candidate's share was <paramref name="Share"/>.</summary>
public sealed record StepTally(Share Share, ArmTally Baseline, ArmTally Candidate)
{
    /// <summary>
    /// Of a whole step: rates of the baseline by indicator before the step, as far as they were known. Null in the
    /// counts of one gateway.
    /// </summary>
    public ByName<decimal>? PastRates { get; init; }
}

[JsonConverter(typeof(KebabConverter<Verdict>))]
public enum Verdict
{
    NotEnoughEvidence,
    GoodEnough,
    Worse,
}

/// <param name="Broken">Null while it holds, else what is broken.</param>
public sealed record InvariantResult(string Name, string? Broken);

/// <param name="Standing">Null where it is enforced and decided.</param>
/// <param name="Remedy">What would satisfy it; null where it passed, or nothing can be said.</param>
public sealed record ControlResult(
    string Control,
    bool Passed,
    string Reason,
    Standing? Standing = null,
    string? Remedy = null
)
{
    /// <summary>Whether a version is refused for it.</summary>
    [JsonIgnore]
    public bool Refuses => !Passed && (Standing is null || Standing == Releases.Standing.NotCovered);
}

/// <summary>Why a control is not simply enforced and decided.</summary>
[JsonConverter(typeof(KebabConverter<Standing>))]
public enum Standing
{
    /// <summary>Reported, and not enforced for this service.</summary>
    Observed,

    /// <summary>The profile demands it and nothing here can check it: it never passes.</summary>
    NotCovered,

    /// <summary>People can still satisfy it.</summary>
    Awaited,

    /// <summary>Passed here, and enforced before the version has any traffic.</summary>
    Later,
}

/// <param name="FailedCases">Names of failed cases, at most 20.</param>
/// <param name="ResultsDigest">SHA-256 of the results file, as <c>sha256:…</c>.</param>
public sealed record SuiteResult(
    string Suite,
    int Passed,
    int Failed,
    int Skipped,
    IReadOnlyList<string> FailedCases,
    string ResultsDigest,
    long Milliseconds
);

/// <summary>The commit a version is built from.</summary>
/// <param name="Repository">Folder of the git repository on this machine.</param>
/// <param name="Author">In the log a commitment to name and address, which are kept beside it; these themselves in logs
/// from before, and where people read.</param>
public sealed record Source(string Repository, string Commit, string Tree, string Author, string Subject)
{
    /// <summary>Before the commitment to an author who is not kept any more.</summary>
    public const string ErasedAuthor = "erased ";

    public bool IsAuthorErased() => Author.StartsWith(ErasedAuthor, StringComparison.Ordinal);
}

/// <param name="Digest">Of the OCI manifest, as <c>sha256:…</c>.</param>
/// <param name="Tools">Programs that took part in the build, with their versions.</param>
/// <param name="Evidence">Null in logs from before any was kept.</param>
public sealed record Artifact(
    string Digest,
    long Bytes,
    IReadOnlyList<Tool> Tools,
    DateTimeOffset BuiltAt,
    BuildEvidence? Evidence = null
);

/// <param name="Digest">SHA-256 of the program's file, or over all files of an SDK's folder with their names, as
/// <c>sha256:…</c>; null where none could be taken, and in logs from before.</param>
public sealed record Tool(string Name, string Version, string? Digest = null);
