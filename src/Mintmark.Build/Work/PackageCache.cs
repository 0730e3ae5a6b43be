namespace Mintmark.Build;

/// <summary>
/// NuGet packages that this machine has already, offered to builds as a fallback folder. Where builds run as another
/// user, who may not even enter the folder that holds them, they get links to the same files: they can read them, and
/// only root can change them.
/// </summary>
internal sealed class PackageCache(BuildOptions options, BuildFolders folders) : IDisposable
{
    private const UnixFileMode Readable =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private readonly SemaphoreSlim linking = new(1);

    private string Aside => Path.Combine(folders.PackageLinks, ".aside");

    public void Prepare() => Tree.Delete(Aside);

    /// <summary>Value of NUGET_FALLBACK_PACKAGES, or null where there is nothing to offer.</summary>
    public async Task<string?> OfferAsync(CancellationToken ct)
    {
        if (options.PackageCache is not { } cache || !Directory.Exists(cache))
            return null;
        if (options.User is null)
            return cache;
        await linking.WaitAsync(ct);
        try
        {
            Link(cache, ct);
            return folders.PackageLinks;
        }
        finally
        {
            linking.Release();
        }
    }

    public void Dispose() => linking.Dispose();

    private void Link(string cache, CancellationToken ct)
    {
        MakeReadable(folders.PackageLinks);
        foreach (var version in Directory.EnumerateDirectories(cache).SelectMany(Directory.EnumerateDirectories))
        {
            ct.ThrowIfCancellationRequested();
            var package = Path.GetFileName(Path.GetDirectoryName(version)!);
            var target = Path.Combine(folders.PackageLinks, package, Path.GetFileName(version));
            // NuGet writes this file last: without it the package is still being unpacked.
            if (Directory.Exists(target) || !File.Exists(Path.Combine(version, ".nupkg.metadata")))
                continue;
            LinkOne(version);
            MakeReadable(Path.GetDirectoryName(target)!);
            Directory.Move(Aside, target);
        }
    }

    private void LinkOne(string version)
    {
        Tree.Delete(Aside);
        MakeReadable(Aside);
        foreach (var (path, status) in Tree.Walk(version))
        {
            var target = Path.Combine(Aside, Path.GetRelativePath(version, path));
            if (status.Kind == FileKind.Folder)
                MakeReadable(target);
            else if (status.Kind == FileKind.File)
                LinkFile(path, target);
        }
    }

    private static void LinkFile(string path, string target)
    {
        // What others may not read cannot be shared, and what is on another file system cannot be linked: copied.
        if (File.GetUnixFileMode(path).HasFlag(UnixFileMode.OtherRead) && Libc.TryLink(path, target))
            return;
        File.Copy(path, target);
        File.SetUnixFileMode(target, File.GetUnixFileMode(target) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
    }

    private static void MakeReadable(string folder)
    {
        Directory.CreateDirectory(folder);
        File.SetUnixFileMode(folder, Readable);
    }
}
