using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>
/// instances/ID holds output.log and work. Only work is the instance's to write in: it cannot put a link in the place
/// of the log that we cut.
/// </summary>
internal sealed class InstanceFolders(string home)
{
    private readonly string all = Path.Combine(home, "instances");

    public string Output(InstanceId instance) => Path.Combine(all, $"{instance}", OutputLog.Name);

    public string Work(InstanceId instance) => Path.Combine(all, $"{instance}", "work");

    public static string Temporary(string work) => Path.Combine(work, "tmp");

    public void Make(InstanceId instance, int? user)
    {
        var work = Work(instance);
        var output = Output(instance);
        foreach (var passed in (string[])[all, Path.GetDirectoryName(work)!])
            FolderTree.Make(passed, user is null ? FolderTree.OwnerOnly : FolderTree.PassThrough);
        FolderTree.Make(work, FolderTree.OwnerOnly);
        FolderTree.Make(Temporary(work), FolderTree.OwnerOnly);
        var create = new FileStreamOptions
        {
            Mode = FileMode.Append,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        new FileStream(output, create).Dispose();
        if (user is not { } owner)
            return;
        // The log too, for programs that open /dev/stdout anew.
        foreach (var path in (string[])[work, Temporary(work), output])
            Kernel.Own(path, owner);
    }

    public void Clear(InstanceId instance) => FolderTree.Delete(Work(instance));

    /// <summary>
    /// Keeps the output of the last instances that have exited; an instance that crashes for days fills no disk.
    /// </summary>
    public void Prune(IReadOnlySet<InstanceId> running, int kept)
    {
        if (!Directory.Exists(all))
            return;
        var exited = new DirectoryInfo(all)
            .EnumerateDirectories()
            .Where(f => InstanceId.TryParse(f.Name, null, out var id) && !running.Contains(id))
            .OrderByDescending(f => InstanceId.Parse(f.Name));
        foreach (var old in exited.Skip(kept).ToList())
            FolderTree.Delete(old.FullName);
    }
}
