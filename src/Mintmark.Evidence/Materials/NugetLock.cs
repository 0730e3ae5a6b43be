namespace Mintmark.Evidence;

/// <summary><c>packages.lock.json</c>, where a project was not restored in this checkout.</summary>
internal static class NugetLock
{
    public const string Name = "packages.lock.json";

    public static void Read(string file, byte[] bytes, Materials into)
    {
        var root = Json.Parse(file, bytes);
        foreach (var (_, target) in root.Require("dependencies").Members())
            ReadTarget(file, target, into);
    }

    private static void ReadTarget(string file, Json target, Materials into)
    {
        var resolved = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var packages = new List<(string Purl, Json Entry)>();
        foreach (var (name, entry) in target.Members())
        {
            var type = entry.Require("type").Text();
            if (type == "Project")
                continue;
            var version = entry.Require("resolved").Word();
            var purl = Purl.Nuget(name, version);
            if (!resolved.TryAdd(name, purl))
                throw entry.Wrong($"{name} is resolved twice");
            packages.Add((purl, entry));
            IReadOnlyList<Checksum> hashes = entry.Find("contentHash") is { } hash
                ? [Base64Text.Checksum("sha512", hash)]
                : [];
            into.Add(new Component(purl, null, name, version, Use.Required, hashes, [file]));
            if (type == "Direct")
                into.AddDirect(purl);
        }
        foreach (var (purl, entry) in packages)
        {
            var names = entry.Find("dependencies")?.Members().Select(d => d.Name) ?? [];
            into.AddDependencies(purl, names.Where(resolved.ContainsKey).Select(n => resolved[n]));
        }
    }
}
