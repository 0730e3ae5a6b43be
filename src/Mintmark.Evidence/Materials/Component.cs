namespace Mintmark.Evidence;

/// <summary>One package that went into a version. Two of one <see cref="Purl"/> are one.</summary>
/// <param name="Group">Such as the scope of an npm package; null where there is none.</param>
/// <param name="Hashes">As the lock file has them; none where it has none.</param>
/// <param name="FoundIn">Files that name it, as the build sees them.</param>
internal sealed record Component(
    string Purl,
    string? Group,
    string Name,
    string Version,
    Use Use,
    IReadOnlyList<Checksum> Hashes,
    IReadOnlyList<string> FoundIn
)
{
    /// <summary>What two files say of one package.</summary>
    public static Component operator +(Component a, Component b) =>
        a with
        {
            Use = a.Use < b.Use ? a.Use : b.Use,
            Hashes = [.. a.Hashes.Union(b.Hashes).OrderBy(h => h.Algorithm, StringComparer.Ordinal).ThenBy(h => h.Hex)],
            FoundIn = [.. a.FoundIn.Union(b.FoundIn).Order(StringComparer.Ordinal)],
        };
}

/// <summary>What a version needs a package for, the strongest first.</summary>
internal enum Use
{
    Required,
    Optional,

    /// <summary>To build or test it, as the lock file says; it is not in what is shipped.</summary>
    Development,
}

/// <param name="Algorithm">As CycloneDX names it, such as <c>SHA-512</c>.</param>
internal sealed record Checksum(string Algorithm, string Hex)
{
    private static readonly Dictionary<int, string> ByLength = new()
    {
        [16] = "MD5",
        [20] = "SHA-1",
        [32] = "SHA-256",
        [48] = "SHA-384",
        [64] = "SHA-512",
    };

    /// <summary>Of a digest that names its algorithm as sha512, sha-512 or SHA512; null for what is none.</summary>
    public static Checksum? Of(string algorithm, byte[] digest) =>
        ByLength.TryGetValue(digest.Length, out var name)
        && name.Replace("-", "", StringComparison.Ordinal)
            .Equals(algorithm.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase)
            ? new Checksum(name, Convert.ToHexStringLower(digest))
            : null;
}
