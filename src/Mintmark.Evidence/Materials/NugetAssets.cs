namespace Mintmark.Evidence;

/// <summary>
/// What NuGet restored for one project: <c>obj/project.assets.json</c>, which the compiler itself takes its references
/// from.
/// </summary>
internal static class NugetAssets
{
    public const string Name = "project.assets.json";

    public static void Read(string file, byte[] bytes, Materials into)
    {
        var root = Json.Parse(file, bytes);
        var libraries = root.Require("libraries").Members().ToDictionary(m => m.Name, m => m.Value);
        foreach (var (_, target) in root.Require("targets").Members())
            ReadTarget(file, target, libraries, into);
        var asked = Asked(root);
        foreach (var (key, library) in libraries.Where(l => IsPackage(l.Value)))
        {
            var (name, _) = Split(key, library);
            if (asked.Contains(name))
                into.AddDirect(PurlOf(key, library));
        }
    }

    private static void ReadTarget(string file, Json target, Dictionary<string, Json> libraries, Materials into)
    {
        var resolved = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var packages = new List<(string Purl, Json Entry)>();
        foreach (var (key, entry) in target.Members())
        {
            if (entry.Find("type")?.Text() != "package")
                continue;
            if (!libraries.TryGetValue(key, out var library))
                throw entry.Wrong("libraries does not have it");
            var (name, version) = Split(key, library);
            var purl = PurlOf(key, library);
            if (!resolved.TryAdd(name, purl))
                throw entry.Wrong($"{name} is resolved twice");
            packages.Add((purl, entry));
            into.Add(new Component(purl, null, name, version, Use.Required, Hashes(library), [file]));
        }
        foreach (var (purl, entry) in packages)
        {
            var names = entry.Find("dependencies")?.Members().Select(d => d.Name) ?? [];
            into.AddDependencies(purl, names.Where(resolved.ContainsKey).Select(n => resolved[n]));
        }
    }

    private static bool IsPackage(Json library) => library.Require("type").Text() == "package";

    private static HashSet<string> Asked(Json root) =>
        root.Find("project")
            ?.Find("frameworks")
            ?.Members()
            .SelectMany(f => f.Value.Find("dependencies")?.Members() ?? [])
            .Select(d => d.Name)
            .ToHashSet(StringComparer.OrdinalIgnoreCase)
        ?? [];

    private static (string Name, string Version) Split(string key, Json at)
    {
        var parts = key.Split('/');
        return parts is [{ Length: > 0 } name, { Length: > 0 } version]
            ? (name, version)
            : throw at.Wrong("accepted: NAME/VERSION");
    }

    private static string PurlOf(string key, Json at)
    {
        var (name, version) = Split(key, at);
        return Purl.Nuget(name, version);
    }

    private static IReadOnlyList<Checksum> Hashes(Json library) =>
        library.Find("sha512") is { } hash ? [Base64Text.Checksum("sha512", hash)] : [];
}

internal static class Base64Text
{
    /// <exception cref="MaterialsException">It is no digest of that kind.</exception>
    public static Checksum Checksum(string algorithm, Json base64) =>
        Checksum(algorithm, base64.Text(), what => base64.Wrong(what));

    public static Checksum Checksum(string algorithm, string base64, Func<string, MaterialsException> wrong)
    {
        var bytes = new byte[base64.Length];
        return
            Convert.TryFromBase64String(base64, bytes, out var length)
            && Evidence.Checksum.Of(algorithm, bytes[..length]) is { } checksum
            ? checksum
            : throw wrong($"accepted: a {algorithm} digest in base64");
    }
}
