using System.Security.Cryptography;

namespace Mintmark.Build;

/// <summary>In what two outputs of a build differ: contents, links and "may be run", as they are packed.</summary>
internal static class OutputDifference
{
    private const int MostNamed = 10;

    /// <returns>One line for each file, at most ten and how many more; empty where both are the same.</returns>
    public static IReadOnlyList<string> Between(string first, string second)
    {
        var (a, b) = (Of(first), Of(second));
        var lines = a
            .Keys.Union(b.Keys)
            .Order(StringComparer.Ordinal)
            .Select(path =>
                !b.TryGetValue(path, out var other) ? $"{path} is only in the first"
                : !a.TryGetValue(path, out var one) ? $"{path} is only in the second"
                : one == other ? null
                : $"{path} differs ({one} and {other})"
            )
            .OfType<string>()
            .ToList();
        return lines.Count <= MostNamed ? lines : [.. lines.Take(MostNamed), $"and {lines.Count - MostNamed} more"];
    }

    private static Dictionary<string, string> Of(string folder) =>
        Tree.Walk(folder)
            .ToDictionary(
                entry => Path.GetRelativePath(folder, entry.Path),
                entry => What(entry.Path, entry.Status),
                StringComparer.Ordinal
            );

    private static string What(string path, FileStatus status) =>
        status.Kind switch
        {
            FileKind.Folder => "folder",
            FileKind.Link => $"link to {new FileInfo(path).LinkTarget}",
            FileKind.File => $"{(status.Executable ? "executable " : "")}{Digest(path)}",
            _ => "neither file nor folder",
        };

    private static string Digest(string path)
    {
        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file))[..12];
    }
}
