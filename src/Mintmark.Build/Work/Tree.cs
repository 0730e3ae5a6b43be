namespace Mintmark.Build;

/// <summary>Whole folders. Links are handled as links, never followed.</summary>
internal static class Tree
{
    private const UnixFileMode Writable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Everything below a folder: folders before what they hold.</summary>
    public static IEnumerable<(string Path, FileStatus Status)> Walk(string folder)
    {
        var pending = new Stack<string>([folder]);
        while (pending.TryPop(out var next))
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(next).Order(StringComparer.Ordinal))
            {
                var status = Libc.Status(path);
                if (status.Kind == FileKind.Folder)
                    pending.Push(path);
                yield return (path, status);
            }
        }
    }

    /// <summary>Deletes a folder, also where parts of it are read-only. No such folder is as good.</summary>
    public static void Delete(string folder)
    {
        if (!Directory.Exists(folder))
            return;
        MakeWritable(folder);
        Directory.Delete(folder, recursive: true);
    }

    public static void Give(string folder, BuildUser user)
    {
        foreach (var (path, _) in Walk(folder))
            Libc.ChangeOwner(path, user.Uid, user.Gid);
        Libc.ChangeOwner(folder, user.Uid, user.Gid);
    }

    /// <summary>
    /// Takes a folder out of the reach of those who made it: no write bits, and root's own where root asks. What the
    /// suites test is then what is packed.
    /// </summary>
    public static void Seal(string folder, bool take)
    {
        // Top down: once a folder is sealed, nobody can put something else in the place of what is sealed next.
        var pending = new Stack<string>([folder]);
        while (pending.TryPop(out var next))
        {
            SealOne(next, Libc.Status(next), take);
            foreach (var path in Directory.EnumerateFileSystemEntries(next))
            {
                var status = Libc.Status(path);
                if (status.Kind == FileKind.Folder)
                    pending.Push(path);
                else
                    SealOne(path, status, take);
            }
        }
    }

    private static void SealOne(string path, FileStatus status, bool take)
    {
        if (take)
            Libc.ChangeOwner(path, 0, 0);
        if (status.Kind is not (FileKind.File or FileKind.Folder))
            return;
        const UnixFileMode read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        File.SetUnixFileMode(path, status.Executable || status.Kind == FileKind.Folder ? read | enter : read);
    }

    private static void MakeWritable(string folder)
    {
        // A folder must be writable before its entries can be listed and deleted, so top down.
        var pending = new Stack<string>([folder]);
        while (pending.TryPop(out var next))
        {
            File.SetUnixFileMode(next, Writable);
            foreach (var path in Directory.EnumerateDirectories(next))
            {
                if (Libc.Status(path).Kind == FileKind.Folder)
                    pending.Push(path);
            }
        }
    }
}
