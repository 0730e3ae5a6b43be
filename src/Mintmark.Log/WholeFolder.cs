namespace Mintmark.Log;

/// <summary>A folder that was not there before and appears whole or not at all.</summary>
static class WholeFolder
{
    /// <param name="write">Gets the folder to write to.</param>
    /// <exception cref="LogStorageException">It is there already, or cannot be written.</exception>
    public static void Write(string directory, Action<string> write)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        if (Path.Exists(target))
            throw new LogStorageException($"{target} is there already: name a folder that is not");
        var temporary = $"{target}.partial";
        try
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
            write(temporary);
            Directory.Move(temporary, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStorageException($"cannot export to {target}: {e.Message}", e);
        }
        finally
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
        }
    }
}
