namespace Mintmark.Evidence;

/// <summary>How an ecosystem orders its versions; OSV's names of ecosystems.</summary>
internal static class VersionOrder
{
    /// <summary>Below every version: <c>introduced: 0</c> of OSV.</summary>
    public const string Beginning = "0";

    /// <returns>Null where the ecosystem's order is not known here.</returns>
    public static Comparison<string>? Of(string ecosystem) =>
        ecosystem switch
        {
            "NuGet" => NugetOrder.Compare,
            "npm" => SemverOrder.Compare,
            "PyPI" => PypiOrder.Compare,
            "Debian" => DebianOrder.Compare,
            _ => null,
        };

    /// <summary>Compares digits by their value, however many there are.</summary>
    public static int Numbers(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        a = a.TrimStart('0');
        b = b.TrimStart('0');
        return a.Length != b.Length ? a.Length.CompareTo(b.Length) : Sign(a.SequenceCompareTo(b));
    }

    public static int Sign(int difference) => Math.Sign(difference);
}
