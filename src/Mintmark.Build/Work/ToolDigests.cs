using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Build;

/// <summary>
/// Digests of programs and SDKs: of a file its SHA-256, of a folder the SHA-256 of what
/// <c>find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum</c> prints in it. Kept by size, times and inode of
/// every file, so that the second time costs a look at each file and no reading.
/// </summary>
/// <param name="path">File that keeps them, beyond this process.</param>
internal sealed class ToolDigests(string path)
{
    private const int MostFiles = 50_000;
    private const int MostKept = 1_000;

    /// <summary>Of this machine: every builder of this process has the same programs.</summary>
    private static readonly ConcurrentDictionary<string, string> Known = new(StringComparer.Ordinal);

    private static readonly Lock Writing = new();

    private bool loaded;

    /// <returns><c>sha256:…</c>; null where there is nothing, or we may not read it.</returns>
    public string? Of(string tool)
    {
        Load();
        try
        {
            var files = FilesOf(tool);
            if (files.Count is 0 or > MostFiles)
                return null;
            var stamp = StampOf(tool, files);
            if (Known.TryGetValue(stamp, out var known))
                return known;
            var digest = Directory.Exists(tool) ? OfFolder(tool, files) : Hex(tool);
            Known[stamp] = $"sha256:{digest}";
            Keep(stamp, $"sha256:{digest}");
            return $"sha256:{digest}";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static List<string> FilesOf(string tool) =>
        Directory.Exists(tool)
            ?
            [
                .. Tree.Walk(tool)
                    .Where(file => file.Status.Kind == FileKind.File)
                    .Select(file => file.Path)
                    .Take(MostFiles + 1)
                    .Order(StringComparer.Ordinal),
            ]
        : File.Exists(tool) && Libc.Status(tool).Kind == FileKind.File ? [tool]
        : [];

    private static string StampOf(string tool, List<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(tool));
        foreach (var file in files)
        {
            var (inode, length, modified, changed) = Libc.Stamp(file);
            hash.AppendData(
                Encoding.UTF8.GetBytes(
                    string.Create(CultureInfo.InvariantCulture, $"\n{file}\0{inode} {length} {modified} {changed}")
                )
            );
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string OfFolder(string folder, List<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
            hash.AppendData(Encoding.UTF8.GetBytes($"{Hex(file)}  ./{Path.GetRelativePath(folder, file)}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Hex(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <summary>Lines that make no sense are forgotten: what they kept is read anew.</summary>
    private void Load()
    {
        lock (Writing)
        {
            if (loaded || !File.Exists(path))
                return;
            foreach (var line in File.ReadLines(path).Take(MostKept))
                if (line.Split(' ') is [{ Length: 64 } stamp, { Length: 71 } digest])
                    Known.TryAdd(stamp, digest);
            loaded = true;
        }
    }

    private void Keep(string stamp, string digest)
    {
        lock (Writing)
        {
            var lines = File.Exists(path) ? File.ReadAllLines(path) : [];
            var aside = path + ".new";
            using (
                var file = new FileStream(
                    aside,
                    new FileStreamOptions
                    {
                        Mode = FileMode.Create,
                        Access = FileAccess.Write,
                        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    }
                )
            )
            using (var text = new StreamWriter(file))
                foreach (var line in lines.TakeLast(MostKept - 1).Append($"{stamp} {digest}"))
                    text.WriteLine(line);
            File.Move(aside, path, overwrite: true);
        }
    }
}
