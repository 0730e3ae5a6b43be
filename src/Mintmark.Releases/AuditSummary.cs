namespace Mintmark.Releases;

/// <summary>What advisories said of a version's components, as its <c>version-built</c> has it.</summary>
/// <param name="Snapshot">Digest of the advisories.</param>
/// <param name="Advisories">How many there were.</param>
/// <param name="Findings">How many of them are about this version and not excused.</param>
/// <param name="Open">These, with the package of each, at most <see cref="MostNamed"/>.</param>
/// <param name="Excused">Ids that a statement in force excuses, at most <see cref="MostNamed"/>.</param>
public sealed record AuditSummary(
    string Snapshot,
    int Advisories,
    int Findings,
    IReadOnlyList<string> Open,
    IReadOnlyList<string> Excused
)
{
    public const int MostNamed = 20;
}
