namespace Mintmark.Evidence;

/// <summary>
/// <c>package-lock.json</c> of version 2 or 3. Where npm has installed, its note of what it put into
/// <c>node_modules</c> tells which of the lock file's packages this machine really got.
/// </summary>
internal static class NpmLock
{
    public const string Name = "package-lock.json";
    public const string Installed = "node_modules/.package-lock.json";

    /// <summary>What a project asks npm for, without versions that would be exact.</summary>
    public const string Wishes = "package.json";

    private const string Modules = "node_modules/";

    private static readonly string[] Wanted = ["dependencies", "optionalDependencies", "peerDependencies"];

    public static void Read(string file, byte[] bytes, byte[]? installed, Materials into)
    {
        var root = Json.Parse(file, bytes);
        if (Version(root) is not (2 or 3))
        {
            into.Leave($"npm: {file} is of another lockfileVersion than 2 and 3");
            return;
        }
        var there = installed is null ? null : PathsIn(Json.Parse($"{FolderOf(file)}{Installed}", installed));
        var packages = root.Require("packages")
            .Members()
            .Where(p => there is null || !IsModule(p.Name) || there.Contains(p.Name))
            .ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
        var purls = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, entry) in packages.Where(p => IsModule(p.Key) && !p.Value.IsTrue("link")))
        {
            var component = ComponentOf(file, path, entry);
            purls.Add(path, component.Purl);
            into.Add(component);
        }
        foreach (var (path, entry) in packages)
        {
            var on = Resolve(path, entry, packages, purls);
            if (purls.TryGetValue(path, out var purl))
                into.AddDependencies(purl, on);
            else
                on.ForEach(into.AddDirect);
        }
    }

    public static bool WishesNothing(string file, byte[] bytes)
    {
        var root = Json.Parse(file, bytes);
        return Wanted.Append("devDependencies").All(k => root.Find(k)?.Members().Any() != true);
    }

    private static int Version(Json root) =>
        root.Find("lockfileVersion") is { } version && version.Element.TryGetInt32(out var number) ? number : 0;

    private static HashSet<string> PathsIn(Json root) =>
        root.Require("packages").Members().Select(p => p.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>What is not below node_modules is the repository's own.</summary>
    private static bool IsModule(string path) => path.Contains(Modules, StringComparison.Ordinal);

    private static Component ComponentOf(string file, string path, Json entry)
    {
        var full =
            entry.Find("name")?.Word()
            ?? path[(path.LastIndexOf(Modules, StringComparison.Ordinal) + Modules.Length)..];
        var slash = full.StartsWith('@') ? full.IndexOf('/', StringComparison.Ordinal) : -1;
        var (scope, name) = slash < 0 ? ((string?)null, full) : (full[..slash], full[(slash + 1)..]);
        if (name.Length == 0)
            throw entry.Wrong("it names no package");
        var version = entry.Require("version").Word();
        var use =
            entry.IsTrue("dev") ? Use.Development
            : entry.IsTrue("optional") || entry.IsTrue("devOptional") ? Use.Optional
            : Use.Required;
        return new Component(Purl.Npm(scope, name, version), scope, name, version, use, Hashes(entry), [file]);
    }

    /// <summary>Subresource integrity: digests with their algorithms, apart by spaces.</summary>
    private static IReadOnlyList<Checksum> Hashes(Json entry)
    {
        if (entry.Find("integrity") is not { } integrity)
            return [];
        var hashes = new List<Checksum>();
        foreach (var one in integrity.Text().Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var dash = one.IndexOf('-', StringComparison.Ordinal);
            if (dash < 0)
                throw integrity.Wrong("accepted: such as sha512-… in base64");
            hashes.Add(Base64Text.Checksum(one[..dash], one[(dash + 1)..], integrity.Wrong));
        }
        return hashes;
    }

    private static List<string> Resolve(
        string path,
        Json entry,
        Dictionary<string, Json> packages,
        Dictionary<string, string> purls
    )
    {
        var kinds = path.Length == 0 || !IsModule(path) ? [.. Wanted, "devDependencies"] : Wanted;
        var on = new List<string>();
        foreach (var (name, _) in kinds.SelectMany(k => entry.Find(k)?.Members() ?? []))
        {
            // What is missing is optional, a peer that is not there, or the repository's own.
            if (Find(path, name, packages) is { } found && purls.TryGetValue(found, out var purl))
                on.Add(purl);
        }
        return on;
    }

    /// <summary>As node does: in the package's own node_modules, then in those around it.</summary>
    private static string? Find(string path, string name, Dictionary<string, Json> packages)
    {
        for (var from = path; ; from = Parent(from))
        {
            var candidate = from.Length == 0 ? Modules + name : $"{from}/{Modules}{name}";
            if (packages.ContainsKey(candidate))
                return candidate;
            if (from.Length == 0)
                return null;
        }
    }

    private static string Parent(string path)
    {
        var at = path.LastIndexOf("/" + Modules, StringComparison.Ordinal);
        return at < 0 ? "" : path[..at];
    }

    private static string FolderOf(string file) => file[..^Name.Length];
}
