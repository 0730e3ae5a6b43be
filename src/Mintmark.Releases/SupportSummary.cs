namespace Mintmark.Releases;

/// <summary>What a version was made of or by that its maintainers support no more, when it was built.</summary>
/// <param name="Table">Digest of the table of dates that was asked.</param>
/// <param name="Ended">Each with its cycle and since when, such as <c>Node.js 18 since 2025-04-30</c>, at most
/// <see cref="MostNamed"/>.</param>
public sealed record SupportSummary(string Table, IReadOnlyList<string> Ended)
{
    public const int MostNamed = 20;
}
