using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>
/// instances/ID holds output.log and work. Only work is the instance's to write in: it cannot put a link in the place
/// of the log that we cut.
/// </summary>
internal sealed class InstanceFolders(string home)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode PassThrough = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string all = Path.Combine(home, "instances");

    public string Output(InstanceId instance) => Path.Combine(all, $"{instance}", OutputLog.Name);

    public string Work(InstanceId instance) => Path.Combine(all, $"{instance}", "work");

    public static string Temporary(string work) => Path.Combine(work, "tmp");

    public void Make(InstanceId instance, int? user)
    {
        var work = Work(instance);
        var output = Output(instance);
        foreach (var passed in (string[])[all, Path.GetDirectoryName(work)!])
            File.SetUnixFileMode(Directory.CreateDirectory(passed).FullName, user is null ? OwnerOnly : PassThrough);
        Directory.CreateDirectory(work, OwnerOnly);
        Directory.CreateDirectory(Temporary(work), OwnerOnly);
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

    public void Clear(InstanceId instance)
    {
        if (Directory.Exists(Work(instance)))
            Directory.Delete(Work(instance), recursive: true);
    }

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
            old.Delete(recursive: true);
    }
}
