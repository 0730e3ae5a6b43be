namespace Mintmark.Cli;

/// <summary>Where a new token goes: to the output, or into a new file that its owner alone may read.</summary>
internal sealed class TokenTarget : IDisposable
{
    private readonly FileStream? file;
    private bool written;

    private TokenTarget(string? path, FileStream? file) => (Path, this.file) = (path, file);

    public string? Path { get; }

    public bool IsFile => file is not null;

    /// <summary>Made before there is a token, so that none is lost for want of a place.</summary>
    /// <exception cref="StopException">The file is there already, or cannot be made.</exception>
    public static TokenTarget Open(Terminal terminal, string? path) => Open(terminal.Folder, path);

    /// <exception cref="StopException">The file is there already, or cannot be made.</exception>
    public static TokenTarget Open(string folder, string? path)
    {
        if (path is not { Length: > 0 })
            return new TokenTarget(null, null);
        var full = System.IO.Path.Combine(folder, path);
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            return new TokenTarget(path, new FileStream(full, options));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new StopException(
                Exit.BadInput,
                $"{path} cannot be made: {refused.Message}",
                "name a new file with --token-file",
                refused
            );
        }
    }

    public void Write(string token)
    {
        file!.Write(System.Text.Encoding.ASCII.GetBytes(token + "\n"));
        file.Flush(flushToDisk: true);
        written = true;
    }

    public void Dispose()
    {
        if (file is null)
            return;
        file.Dispose();
        if (!written)
            File.Delete(file.Name);
    }
}
