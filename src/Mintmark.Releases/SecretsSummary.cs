namespace Mintmark.Releases;

/// <summary>
/// What looks like a key, a password or a card number in an artifact, as its <c>version-built</c> has it: places and
/// kinds, never the thing itself.
/// </summary>
/// <param name="Files">How many were read.</param>
/// <param name="Bytes">How many were read.</param>
/// <param name="Findings">How many are not allowed.</param>
/// <param name="Open">These, such as <c>private-key in config/bank.pem:1</c>, at most <see cref="MostNamed"/>.</param>
/// <param name="Allowed">What the manifest allows, with its reason, at most <see cref="MostNamed"/>.</param>
/// <param name="Unread">Archives, whose contents were not unpacked, at most <see cref="MostNamed"/>.</param>
public sealed record SecretsSummary(
    int Files,
    long Bytes,
    int Findings,
    IReadOnlyList<string> Open,
    IReadOnlyList<string> Allowed,
    IReadOnlyList<string> Unread
)
{
    public const int MostNamed = 20;

    public static readonly SecretsSummary None = new(0, 0, 0, [], [], []);
}

/// <summary>What the report on a model's validation says, and what the artifact has.</summary>
/// <param name="File">Where the report lies in the repository.</param>
/// <param name="Digest">Of the report, as <c>sha256:…</c>.</param>
/// <param name="Model">The model's file in the artifact.</param>
/// <param name="ModelDigest">Of the model that was validated, as <c>sha256:…</c>.</param>
/// <param name="FoundDigest">Of that file in the artifact; null where there is none.</param>
/// <param name="ReasonCodes">How many adverse outcomes have one.</param>
/// <param name="WithoutReason">Adverse outcomes that have none, at most <see cref="MostNamed"/>.</param>
public sealed record ValidationSummary(
    string File,
    string Digest,
    string Model,
    string ModelDigest,
    string? FoundDigest,
    PersonName Validator,
    DateOnly Date,
    int Metrics,
    int ReasonCodes,
    IReadOnlyList<string> WithoutReason
)
{
    public const int MostNamed = 20;
}
