namespace Mintmark.Run;

/// <summary>Folders of which parts may be read-only.</summary>
public static class FolderTree
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Others may go through to what they know the name of.</summary>
    public const UnixFileMode PassThrough = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static void Make(string path, UnixFileMode mode) =>
        File.SetUnixFileMode(Directory.CreateDirectory(path, mode).FullName, mode);

    /// <summary>Deletes also what a service has made read-only; links are not followed.</summary>
    public static void Delete(string path)
    {
        if (!Directory.Exists(path))
            return;
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (UnauthorizedAccessException)
        {
            Open(new DirectoryInfo(path));
            Directory.Delete(path, recursive: true);
        }
    }

    private static void Open(DirectoryInfo folder)
    {
        folder.UnixFileMode |= OwnerOnly;
        foreach (var inner in folder.EnumerateDirectories().Where(d => d.LinkTarget is null))
            Open(inner);
    }
}
