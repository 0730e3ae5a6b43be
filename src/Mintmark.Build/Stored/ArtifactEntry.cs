using System.Text;

namespace Mintmark.Build;

/// <summary>One thing in an artifact. Times, owners and all modes but "may be run" are not part of it.</summary>
internal abstract record ArtifactEntry(string Path)
{
    public sealed record Folder(string Path) : ArtifactEntry(Path);

    /// <param name="Source">Where the content is on disk.</param>
    public sealed record File(string Path, string Source, long Length, bool Executable) : ArtifactEntry(Path);

    public sealed record Bytes(string Path, ReadOnlyMemory<byte> Content) : ArtifactEntry(Path);

    public sealed record Link(string Path, string Target) : ArtifactEntry(Path);
}

public sealed class ArtifactException(string message) : Exception(message);

internal static class ArtifactEntries
{
    /// <summary>What a build left in its output folder, and what is added to it, in the order of the layer.</summary>
    /// <exception cref="ArtifactException">Something cannot be part of an artifact.</exception>
    public static IReadOnlyList<ArtifactEntry> Collect(string output, IEnumerable<ArtifactEntry.Bytes> added)
    {
        var entries = new SortedDictionary<string, ArtifactEntry>(StringComparer.Ordinal);
        foreach (var (full, status) in Tree.Walk(output))
        {
            var entry = Of(System.IO.Path.GetRelativePath(output, full), full, status);
            entries.Add(entry.Path, entry);
        }
        foreach (var file in added)
            Add(entries, file);
        return [.. entries.Values];
    }

    private static ArtifactEntry Of(string path, string full, FileStatus status) =>
        status.Kind switch
        {
            FileKind.Folder => new ArtifactEntry.Folder(path),
            FileKind.File => new ArtifactEntry.File(path, full, status.Length, status.Executable),
            FileKind.Link => new ArtifactEntry.Link(
                path,
                ArtifactPath.CheckLink(path, new FileInfo(full).LinkTarget ?? "")
            ),
            _ => throw new ArtifactException($"{path} is a pipe, socket or device, which an artifact cannot hold"),
        };

    /// <summary>The file as committed stands over what the build made of it.</summary>
    private static void Add(SortedDictionary<string, ArtifactEntry> entries, ArtifactEntry.Bytes file)
    {
        for (var slash = file.Path.IndexOf('/'); slash >= 0; slash = file.Path.IndexOf('/', slash + 1))
        {
            var parent = file.Path[..slash];
            if (entries.TryAdd(parent, new ArtifactEntry.Folder(parent)))
                continue;
            if (entries[parent] is not ArtifactEntry.Folder)
                throw new ArtifactException(
                    $"{file.Path} belongs in the folder {parent}, of which the build made a file"
                );
        }
        if (entries.GetValueOrDefault(file.Path) is ArtifactEntry.Folder)
            throw new ArtifactException($"the build made a folder of {file.Path}, which is a configuration file");
        entries[file.Path] = file;
    }
}

internal static class ArtifactPath
{
    /// <summary>
    /// A link may go up only at its start, and not above the artifact's root; then, if every link keeps to this, no
    /// chain of links leads out, whatever the links between are.
    /// </summary>
    public static string CheckLink(string path, string target)
    {
        var depth = path.Count(c => c == '/');
        var segments = target.Split('/');
        var ups = segments.TakeWhile(s => s == "..").Count();
        if (target.Length == 0 || target[0] == '/' || ups > depth || segments.Skip(ups).Contains(".."))
            throw new ArtifactException($"the link {path} -> {target} does not stay inside the artifact");
        return target;
    }

    public static string Check(string path)
    {
        var inside = path.Length > 0 && path.Split('/').All(s => s is not ("" or "." or ".."));
        return inside && !path.Contains('\0', StringComparison.Ordinal)
            ? path
            : throw new ArtifactException($"the path {path} does not stay inside the artifact");
    }

    public static int Utf8Length(string path) => Encoding.UTF8.GetByteCount(path);
}
