namespace Mintmark.Releases;

/// <summary>What advisories said of a version's components, as its <c>version-built</c> has it.</summary>
/// <param name="Snapshot">Digest of the advisories.</param>
/// <param name="Advisories">How many there were.</param>
/// <param name="Findings">How many of them are about this version and not excused.</param>
/// <param name="Open">These, with the package of each, at most <see cref="MostNamed"/>.</param>
/// <param name="Excused">Ids that a statement in force excuses, at most <see cref="MostNamed"/>.</param>
/// <param name="Found">What is open and how bad, worst first, at most <see cref="MostNamed"/>; null in logs from
/// before.</param>
public sealed record AuditSummary(
    string Snapshot,
    int Advisories,
    int Findings,
    IReadOnlyList<string> Open,
    IReadOnlyList<string> Excused,
    IReadOnlyList<AuditFinding>? Found = null
)
{
    public const int MostNamed = 20;
}

/// <summary>An advisory that is about a package of a version.</summary>
/// <param name="Package">Its package URL.</param>
/// <param name="Score">CVSS base score, 0 to 10; null where nobody says: then it counts as the worst.</param>
/// <param name="Known">When it was published; null where that is not told.</param>
public sealed record AuditFinding(string Id, string Package, decimal? Score, DateTimeOffset? Known = null)
{
    public const decimal Worst = 10;

    /// <summary>What it counts as.</summary>
    public decimal Weight() => Score ?? Worst;
}
