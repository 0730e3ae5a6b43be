namespace Mintmark.Evidence;

/// <summary>
/// How bad an advisory is: the worst of its CVSS base scores, else the top of what its word stands for, as ratings of
/// CVSS divide the scale.
/// </summary>
internal readonly record struct Severity(decimal? ByVector, decimal? ByWord)
{
    public static readonly Severity Unknown = new(null, null);

    /// <summary>Of a package, or where nothing is said of it, of the whole advisory.</summary>
    public decimal? Within(Severity advisory) => ByVector ?? advisory.ByVector ?? ByWord ?? advisory.ByWord;

    /// <summary>A vector, or a word in its place as some distributions have it; what is neither says nothing.</summary>
    public Severity WithScore(string text) =>
        Cvss.BaseScore(text) is { } score ? this with { ByVector = Worse(ByVector, score) } : WithWord(text);

    public Severity WithWord(string text) =>
        text.ToUpperInvariant() switch
        {
            "LOW" or "NEGLIGIBLE" => this with { ByWord = Worse(ByWord, 3.9m) },
            "MEDIUM" or "MODERATE" => this with { ByWord = Worse(ByWord, 6.9m) },
            "HIGH" or "IMPORTANT" => this with { ByWord = Worse(ByWord, 8.9m) },
            "CRITICAL" => this with { ByWord = Worse(ByWord, 10) },
            _ => this,
        };

    private static decimal Worse(decimal? a, decimal b) => Math.Max(a ?? 0, b);
}
