using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Mintmark.Gateway.Lines;

/// <summary>
/// The file that grows, <c>access.jsonl</c>, and those before it, <c>access.1.jsonl</c> the latest: readable by their
/// owner alone, of bounded size and number. Not safe for more than one thread.
/// </summary>
/// <param name="longest">Bytes of a file; the next one begins before that is passed.</param>
/// <param name="most">Files, that one included; the oldest is deleted.</param>
sealed class LineFiles(string folder, long longest = 64 << 20, int most = 10) : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private FileStream? current;
    private string? place;
    private long end;

    private string Current => Path.Combine(folder, "access.jsonl");

    /// <exception cref="CannotStartException">The folder cannot be made or used.</exception>
    public void Prepare()
    {
        try
        {
            current = Open();
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"cannot keep an access log in {folder}: {wrong.Message}", wrong);
        }
    }

    /// <summary>All of them or none: what was written when it failed is written over by the next.</summary>
    /// <exception cref="IOException">The disk is full, say.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not ours to write any more.</exception>
    public void Append(ReadOnlySpan<byte> lines)
    {
        if (current is not null && (PlaceOf(current) != place || !File.Exists(Current)))
            Close();
        current ??= Open();
        // Somebody has emptied it, say, as there was no room: what was there is not to be filled with zeros.
        if (RandomAccess.GetLength(current.SafeFileHandle) < end)
            end = EndOfLastLine(current.SafeFileHandle);
        if (end > 0 && end + lines.Length > longest)
        {
            Close();
            Turn();
            current = Open();
        }
        try
        {
            RandomAccess.Write(current.SafeFileHandle, lines, end);
        }
        catch (IOException)
        {
            RandomAccess.SetLength(current.SafeFileHandle, end);
            throw;
        }
        end += lines.Length;
    }

    public void Dispose() => Close();

    private FileStream Open()
    {
        // It may be deleted, as what is in it is nobody's evidence.
        Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
        // Nobody else writes it meanwhile: the operating system holds it for us until we end, however we do.
        var file = new FileStream(
            Current,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = OwnerOnly,
                BufferSize = 0,
            }
        );
        (place, end) = (PlaceOf(file), EndOfLastLine(file.SafeFileHandle));
        return file;
    }

    /// <summary>Where the file is now: others may rename it, put another in its place, or delete it.</summary>
    private static string? PlaceOf(FileStream file) =>
        new FileInfo($"/proc/self/fd/{file.SafeFileHandle.DangerousGetHandle()}").LinkTarget;

    /// <summary>A process that was killed may have left part of a line.</summary>
    private static long EndOfLastLine(SafeFileHandle handle)
    {
        var length = RandomAccess.GetLength(handle);
        Span<byte> tail = stackalloc byte[AccessLine.Longest];
        var start = Math.Max(0, length - tail.Length);
        var read = RandomAccess.Read(handle, tail, start);
        return start + tail[..read].LastIndexOf((byte)'\n') + 1;
    }

    private void Close()
    {
        current?.Dispose();
        current = null;
    }

    private void Turn()
    {
        File.Delete(Before(most - 1));
        for (var i = most - 2; i >= 1; i--)
        {
            if (File.Exists(Before(i)))
                File.Move(Before(i), Before(i + 1), overwrite: true);
        }
        File.Move(Current, Before(1), overwrite: true);
    }

    private string Before(int number) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"access.{number}.jsonl"));
}
