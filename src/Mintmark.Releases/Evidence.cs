using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>
/// What a gateway has counted for one arm of a step, since the gateway started: counts only grow, so a repeated or
/// late report changes nothing.
/// </summary>
/// <param name="Requests">Answered requests.</param>
/// <param name="Errors">Of these, answered with 5xx or not at all.</param>
/// <param name="ErrorUnits">Units (clients by their first error in the release; else requests) with an error.</param>
/// <param name="Slow">Requests slower than the step's threshold.</param>
/// <param name="SlowUnits">Units with a slow request, counted as errors are.</param>
[JsonConverter(typeof(ArmTallyConverter))]
public sealed record ArmTally(long Requests, long Errors, long ErrorUnits, long Slow, long SlowUnits)
{
    public static readonly ArmTally None = new(0, 0, 0, 0, 0);

    public static ArmTally operator +(ArmTally a, ArmTally b) =>
        new(
            a.Requests + b.Requests,
            a.Errors + b.Errors,
            a.ErrorUnits + b.ErrorUnits,
            a.Slow + b.Slow,
            a.SlowUnits + b.SlowUnits
        );

    /// <summary>The later of two reports of one gateway, whichever arrives first.</summary>
    public static ArmTally Later(ArmTally a, ArmTally b) =>
        new(
            Math.Max(a.Requests, b.Requests),
            Math.Max(a.Errors, b.Errors),
            Math.Max(a.ErrorUnits, b.ErrorUnits),
            Math.Max(a.Slow, b.Slow),
            Math.Max(a.SlowUnits, b.SlowUnits)
        );
}

/// <summary>Both arms of one step, counted while the candidate's share was <paramref name="Share"/>.</summary>
public sealed record StepTally(Share Share, ArmTally Baseline, ArmTally Candidate);

[JsonConverter(typeof(KebabConverter<Verdict>))]
public enum Verdict
{
    NotEnoughEvidence,
    GoodEnough,
    Worse,
}

/// <param name="Broken">Null while it holds, else what is broken.</param>
public sealed record InvariantResult(string Name, string? Broken);

public sealed record ControlResult(string Control, bool Passed, string Reason);

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
public sealed record Source(string Repository, string Commit, string Tree, string Author, string Subject);

/// <param name="Digest">Of the OCI manifest, as <c>sha256:…</c>.</param>
/// <param name="Tools">Programs that took part in the build, with their versions.</param>
public sealed record Artifact(string Digest, long Bytes, IReadOnlyList<Tool> Tools, DateTimeOffset BuiltAt);

public sealed record Tool(string Name, string Version);
