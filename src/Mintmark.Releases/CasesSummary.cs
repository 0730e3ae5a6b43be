namespace Mintmark.Releases;

/// <summary>
/// What a version's full suite came to, case by case, as its <c>version-built</c> has it. The cases themselves are kept
/// beside the artifact. A smoke suite never stands in: what ran there alone is no case here.
/// </summary>
/// <param name="Cases">How many the full suite ran or skipped.</param>
/// <param name="Missing">Cases that the service had and this suite has not, less those that a person has retired: at
/// most <see cref="MostNamed"/>, as are the others.</param>
/// <param name="Flaky">Cases that passed and failed without a reason in between.</param>
/// <param name="Unverified">Requirements that no case verifies.</param>
public sealed record CasesSummary(
    int Cases,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Flaky,
    IReadOnlyList<string> Unverified
)
{
    public const int MostNamed = 20;
}
