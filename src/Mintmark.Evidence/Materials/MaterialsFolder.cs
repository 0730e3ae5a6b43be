using Mintmark.Releases;

namespace Mintmark.Evidence;

/// <summary>Reads the files of a build that list packages, and names those of ecosystems that it cannot read.</summary>
public static class MaterialsFolder
{
    public const long LargestFile = 64L << 20;

    private const int MostFiles = 1000;

    /// <param name="files">Every regular file of the build.</param>
    /// <exception cref="MaterialsException">A file that lists packages is damaged, or too large.</exception>
    /// <exception cref="IOException">One cannot be read.</exception>
    public static Materials Read(IEnumerable<BuiltFile> files)
    {
        var listing = files.Where(f => IsListing(f.Path)).ToDictionary(f => f.Path, StringComparer.Ordinal);
        if (listing.Count > MostFiles)
            throw new MaterialsException("the build", "as a whole", $"more than {MostFiles} files list packages");
        var materials = new Materials();
        foreach (var file in listing.Values.OrderBy(f => f.Path, StringComparer.Ordinal))
            Read(file, listing, materials);
        foreach (
            var kind in materials.Purls.Where(p => AuditedPackage.OfPurl(p) is null).Select(KindOf).Distinct().ToList()
        )
            materials.Leave($"{kind}: its packages are listed, and held against no advisories");
        return materials;
    }

    /// <summary>Type and namespace, such as deb/ubuntu.</summary>
    private static string KindOf(string purl)
    {
        var path = purl.Split('?', 2)[0];
        return path["pkg:".Length..path.LastIndexOf('/')];
    }

    private static bool IsListing(string path)
    {
        var (folder, name) = Split(path);
        if (path.StartsWith(BuiltFile.Output, StringComparison.Ordinal))
            return IsOfSystem(path);
        if (path.EndsWith(NpmLock.Installed, StringComparison.Ordinal))
            return !IsVendored(folder[..^"node_modules/".Length]);
        return !IsVendored(folder)
            && (
                name is NugetAssets.Name or NugetLock.Name or NpmLock.Name or PipInspect.Name
                || IsRequirements(name)
                || OtherEcosystems.Reads(name)
            );
    }

    private static bool IsOfSystem(string path) =>
        path == BuiltFile.Output + DpkgStatus.Name
        || path == BuiltFile.Output + OsRelease
        || path == BuiltFile.Output + OtherEcosystems.Apk
        || path.StartsWith(BuiltFile.Output + OtherEcosystems.Rpm, StringComparison.Ordinal)
        || (
            path.StartsWith(BuiltFile.Output + DpkgStatus.Folder, StringComparison.Ordinal)
            && !path.EndsWith(".md5sums", StringComparison.Ordinal)
        );

    private const string OsRelease = "etc/os-release";

    /// <summary>Lock files inside of installed packages say what their authors used, not what was installed.</summary>
    private static bool IsVendored(string folder) =>
        folder.Contains("node_modules/", StringComparison.Ordinal)
        || folder.Contains("site-packages/", StringComparison.Ordinal);

    private static bool IsRequirements(string name) =>
        name.StartsWith("requirements", StringComparison.Ordinal) && name.EndsWith(".txt", StringComparison.Ordinal);

    private static void Read(BuiltFile file, Dictionary<string, BuiltFile> all, Materials into)
    {
        var (folder, name) = Split(file.Path);
        if (file.Path.StartsWith(BuiltFile.Output, StringComparison.Ordinal))
            ReadSystem(file, all, into);
        else if (name == NugetAssets.Name)
            NugetAssets.Read(file.Path, Bytes(file), into);
        else if (name == NugetLock.Name && !all.ContainsKey($"{folder}obj/{NugetAssets.Name}"))
            NugetLock.Read(file.Path, Bytes(file), into);
        else if (name == NpmLock.Name)
            NpmLock.Read(file.Path, Bytes(file), BytesOf(all, folder + NpmLock.Installed), into);
        else if (name == PipInspect.Name)
            PipInspect.Read(file.Path, Bytes(file), into);
        else if (IsRequirements(name))
            PipRequirements.Read(file.Path, Bytes(file), all.ContainsKey, into);
        else if (name != NpmLock.Wishes || !NpmLock.WishesNothing(file.Path, Bytes(file)))
            OtherEcosystems.Leave(file.Path, name, path => all.ContainsKey(folder + path), into);
    }

    private static void ReadSystem(BuiltFile file, Dictionary<string, BuiltFile> all, Materials into)
    {
        var path = file.Path[BuiltFile.Output.Length..];
        if (path == OtherEcosystems.Apk)
            into.Leave($"alpine: {file.Path}");
        else if (path.StartsWith(OtherEcosystems.Rpm, StringComparison.Ordinal))
            into.Leave($"rpm: {file.Path}");
        else if (path != OsRelease)
        {
            var release = BytesOf(all, BuiltFile.Output + OsRelease);
            var system = DpkgStatus.SystemOf(release);
            if (DpkgStatus.VersionOf(release) is { } version)
                into.AddSystem(system, version);
            DpkgStatus.Read(file.Path, Bytes(file), system, into);
        }
    }

    private static byte[]? BytesOf(Dictionary<string, BuiltFile> all, string path) =>
        all.TryGetValue(path, out var file) ? Bytes(file) : null;

    private static byte[] Bytes(BuiltFile file) =>
        file.Bytes <= LargestFile
            ? File.ReadAllBytes(file.OnDisk)
            : throw new MaterialsException(
                file.Path,
                "as a whole",
                $"it has {file.Bytes} bytes; accepted: up to {LargestFile}"
            );

    private static (string Folder, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/') + 1;
        return (path[..slash], path[slash..]);
    }
}
