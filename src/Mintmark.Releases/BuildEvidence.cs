namespace Mintmark.Releases;

/// <summary>What is kept of how a version was made, beside its artifact.</summary>
/// <param name="Files">By name; each is kept under its digest.</param>
/// <param name="Components">How many packages are known to have gone into the version.</param>
/// <param name="NotCovered">What the build used and nobody listed, with the reason: at most
/// <see cref="MostNotCovered"/>.</param>
/// <param name="Audit">Null where the team has named no advisories.</param>
/// <param name="Cases">What became of managed test cases; null in logs from before there were any.</param>
/// <param name="Support">What of it is past its maintainers' support; null in logs from before this was asked.</param>
/// <param name="Secrets">What looks like one in the artifact; null in logs from before this was looked for.</param>
/// <param name="Validation">Of its model; null where the manifest names no report.</param>
/// <param name="Signer">Public key of the builder, which signed the statements: SubjectPublicKeyInfo in base64.</param>
public sealed record BuildEvidence(
    IReadOnlyList<EvidenceFile> Files,
    int Components,
    IReadOnlyList<string> NotCovered,
    string? Signer = null,
    SourceSummary? Source = null,
    AuditSummary? Audit = null,
    CasesSummary? Cases = null,
    SupportSummary? Support = null,
    SecretsSummary? Secrets = null,
    ValidationSummary? Validation = null
)
{
    public const int MostNotCovered = 20;

    public EvidenceFile? Find(string name) => Files.FirstOrDefault(f => f.Name == name);
}

/// <param name="Digest">SHA-256, as <c>sha256:…</c>.</param>
public sealed record EvidenceFile(string Name, string Digest, long Bytes);

/// <summary>A regular file of a build: of its checkout, or below <see cref="Output"/> of what it left.</summary>
/// <param name="Path">As the build sees it, with slashes.</param>
/// <param name="OnDisk">Where it can be read until the build ends.</param>
public sealed record BuiltFile(string Path, string OnDisk, long Bytes)
{
    public const string Output = "$OUT/";
}

/// <summary>All that is known of a version when it has been packed.</summary>
/// <param name="Ran">Case by case what <see cref="Suites"/> counts.</param>
public sealed record BuiltVersion(
    ReleaseId Release,
    Mark Mark,
    Source Source,
    Manifest Manifest,
    Artifact Artifact,
    IReadOnlyList<SuiteResult> Suites,
    DateTimeOffset StartedAt,
    IReadOnlyList<RanSuite>? Ran = null
);

/// <summary>Every case of a suite whose results could be read; they enter no log.</summary>
public sealed record RanSuite(string Suite, IReadOnlyList<RanCase> Cases);

/// <param name="Id">Class and name, the same for every version that has the case.</param>
/// <param name="Verifies">Ids of requirements, as the results' own properties or traits have them.</param>
/// <param name="Labels">Other words that the results have of it, such as categories.</param>
public sealed record RanCase(
    string Id,
    CaseResult Result,
    long Milliseconds,
    IReadOnlyList<string> Verifies,
    IReadOnlyList<string> Labels
)
{
    public const int LongestId = CaseRules.LongestCase;
}

/// <summary>The later counts where one suite has a case several times.</summary>
public enum CaseResult
{
    Skipped,
    Passed,

    /// <summary>It passed when it was tried again within the suite.</summary>
    Retried,
    Failed,
}
