using System.Text;

namespace Mintmark.Log;

/// <summary>Files that only their owner may read.</summary>
static class PrivateFile
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode OwnerOnlyFolder = OwnerOnly | UnixFileMode.UserExecute;

    /// <summary>After a crash the file is there whole or not at all.</summary>
    public static void WriteNew(string path, string text) => WriteNew(path, Encoding.UTF8.GetBytes(text));

    /// <summary>After a crash the file is there whole or not at all.</summary>
    public static void WriteNew(string path, byte[] content)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        try
        {
            CreateFolderOf(path);
            using (var file = Open(temporary, FileMode.Create))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }
            // Never over a file that another process put there in the meantime.
            File.Move(temporary, path, overwrite: false);
            Folder.Flush(FolderOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw new LogStorageException($"cannot write {path}: {e.Message}", e);
        }
    }

    /// <summary>Over what is there. After a crash it is one or the other, whole.</summary>
    public static void Write(string path, string text)
    {
        var aside = path + ".new";
        Delete(aside);
        WriteNew(aside, text);
        Move(aside, path);
    }

    public static void Delete(string path)
    {
        try
        {
            if (File.Exists(path))
                File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStorageException($"cannot delete {path}: {e.Message}", e);
        }
    }

    /// <summary>Over what is there. After a crash it is one or the other.</summary>
    public static void Move(string from, string to)
    {
        try
        {
            File.Move(from, to, overwrite: true);
            Folder.Flush(FolderOf(to));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStorageException($"cannot move {from} to {to}: {e.Message}", e);
        }
    }

    /// <summary>While another process may be writing it.</summary>
    public static string Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStorageException($"cannot read {path}: {e.Message}", e);
        }
    }

    public static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStorageException($"cannot read {path}: {e.Message}", e);
        }
    }

    public static void FlushFolderOf(string path)
    {
        try
        {
            Folder.Flush(FolderOf(path));
        }
        catch (IOException e)
        {
            throw new LogStorageException($"cannot flush {path}: {e.Message}", e);
        }
    }

    public static void RequirePrivate(string path)
    {
        if ((File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != UnixFileMode.None)
            throw new LogStorageException($"{path} can be read by others: chmod 600 {path}");
    }

    public static FileStream Open(string path, FileMode mode) =>
        new(
            path,
            new FileStreamOptions
            {
                Mode = mode,
                Access = FileAccess.ReadWrite,
                UnixCreateMode = OwnerOnly,
            }
        );

    public static void CreateFolderOf(string path) => Directory.CreateDirectory(FolderOf(path), OwnerOnlyFolder);

    static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;
}
