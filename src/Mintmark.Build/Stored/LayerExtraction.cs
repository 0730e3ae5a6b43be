using System.Formats.Tar;

namespace Mintmark.Build;

internal static class LayerExtraction
{
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Unpacks into a new folder. Links are made last, so that no file is written through one.</summary>
    public static async Task ExtractAsync(Stream tar, string target, CancellationToken ct)
    {
        Directory.CreateDirectory(target);
        var links = new List<(string Path, string Target)>();
        await using var reader = new TarReader(tar, leaveOpen: true);
        try
        {
            while (await reader.GetNextEntryAsync(copyData: false, ct) is { } entry)
            {
                var path = ArtifactPath.Check(entry.Name.TrimEnd('/'));
                var full = Path.Combine(target, path);
                if (entry.EntryType == TarEntryType.Directory)
                    Directory.CreateDirectory(full);
                else if (entry.EntryType == TarEntryType.SymbolicLink)
                    links.Add((full, ArtifactPath.CheckLink(path, entry.LinkName)));
                else if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                    await WriteAsync(entry, full, ct);
                else
                    throw new ArtifactException($"{path} is a {entry.EntryType}, which an artifact cannot hold");
            }
        }
        catch (Exception wrong) when (wrong is FormatException or InvalidDataException or EndOfStreamException)
        {
            throw new ArtifactException($"a layer is no tar file: {wrong.Message}");
        }
        foreach (var (path, link) in links)
            File.CreateSymbolicLink(path, link);
    }

    private static async Task WriteAsync(TarEntry entry, string path, CancellationToken ct)
    {
        var executable = entry.Mode.HasFlag(UnixFileMode.UserExecute);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = executable ? Plain | UnixFileMode.UserExecute : Plain,
        };
        await using (var file = new FileStream(path, options))
        {
            if (entry.DataStream is { } content)
                await content.CopyToAsync(file, 256 * 1024, ct);
        }
        File.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
    }
}
