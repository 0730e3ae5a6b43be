namespace Mintmark.Evidence;

/// <summary>A package as advisories name it.</summary>
internal readonly record struct PackageKey(string Ecosystem, string Name)
{
    public static string Normal(string ecosystem, string name) =>
        ecosystem switch
        {
            "PyPI" => PypiName.Normal(name),
            // NuGet takes names without regard to case.
            "NuGet" => name.ToLowerInvariant(),
            _ => name,
        };
}

/// <summary>A package of a version, as its bill of materials has it.</summary>
/// <param name="Version">Of the source package where advisories are about source packages.</param>
internal sealed record AuditedPackage(string Purl, PackageKey Key, string Version)
{
    /// <summary>Null for an ecosystem that advisories are not matched for here.</summary>
    public static AuditedPackage? OfPurl(string purl)
    {
        var plain = purl.Split('?', 2);
        var at = plain[0].LastIndexOf('@');
        if (!purl.StartsWith("pkg:", StringComparison.Ordinal) || at < 0)
            return null;
        var path = plain[0]["pkg:".Length..at].Split('/').Select(Uri.UnescapeDataString).ToArray();
        var version = Uri.UnescapeDataString(plain[0][(at + 1)..]);
        return path switch
        {
            ["nuget", var name] => Of("NuGet", name, version),
            ["npm", .. var name] => Of("npm", string.Join('/', name), version),
            ["pypi", var name] => Of("PyPI", name, version),
            ["deb", "debian", var name] => OfSource(name, version, plain.Length > 1 ? plain[1] : ""),
            _ => null,
        };

        AuditedPackage Of(string ecosystem, string name, string of) =>
            new(purl, new PackageKey(ecosystem, PackageKey.Normal(ecosystem, name)), of);

        AuditedPackage OfSource(string name, string of, string qualifiers)
        {
            const string upstream = "upstream=";
            var source = qualifiers.Split('&').FirstOrDefault(q => q.StartsWith(upstream, StringComparison.Ordinal));
            if (source is null)
                return Of("Debian", name, of);
            var parts = Uri.UnescapeDataString(source[upstream.Length..]).Split('@', 2);
            return Of("Debian", parts[0], parts.Length > 1 ? parts[1] : of);
        }
    }
}
