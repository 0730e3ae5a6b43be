using System.Text;

namespace Mintmark.Build;

/// <summary>The files of a commit, read out of its trees: each is as the commit's own name says.</summary>
internal static class GitTree
{
    private const int LargestTree = 16 << 20;

    /// <summary>Of all paths together: a few objects can make a tree without end.</summary>
    private const long MostCharacters = 64 << 20;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>By path; folders are left out.</summary>
    public static async Task<Dictionary<string, GitFile>> FilesAsync(
        GitObjects objects,
        string commit,
        CancellationToken ct
    )
    {
        var files = new Dictionary<string, GitFile>(StringComparer.Ordinal);
        var folders = new Stack<(string Path, string Tree)>();
        folders.Push(("", (await GitCommit.ReadAsync(objects, commit, ct)).Tree));
        var characters = 0L;
        while (folders.TryPop(out var folder))
        {
            foreach (var (name, file) in await EntriesAsync(objects, folder.Path, folder.Tree, ct))
            {
                characters += folder.Path.Length + name.Length;
                if (characters > MostCharacters)
                    throw Refused($"the paths in the commit have more than {MostCharacters} characters");
                var path = folder.Path + name;
                if (file.Kind == GitFileKind.Folder)
                    folders.Push(($"{path}/", file.Object));
                else if (!files.TryAdd(path, file))
                    throw Refused($"the commit has {path} twice");
            }
        }
        return files;
    }

    /// <returns>Null where there is none, or what is there is no file.</returns>
    public static async Task<GitFile?> FindAsync(GitObjects objects, string commit, string path, CancellationToken ct)
    {
        var (above, tree) = ("", (await GitCommit.ReadAsync(objects, commit, ct)).Tree);
        var names = path.Split('/');
        foreach (var name in names[..^1])
        {
            if (await EntryAsync(above, tree, name) is not { Kind: GitFileKind.Folder } folder)
                return null;
            (above, tree) = ($"{above}{name}/", folder.Object);
        }
        return await EntryAsync(above, tree, names[^1]) is { Kind: GitFileKind.File } file ? file : null;

        async Task<GitFile?> EntryAsync(string folder, string of, string name) =>
            (await EntriesAsync(objects, folder, of, ct)).Find(entry => entry.Name == name).File;
    }

    /// <param name="path">Of the folder, with the slash; empty for the top.</param>
    private static async Task<List<(string Name, GitFile File)>> EntriesAsync(
        GitObjects objects,
        string path,
        string tree,
        CancellationToken ct
    )
    {
        var what = path.Length == 0 ? "the top folder" : $"the folder {path}";
        return Parse(await objects.ReadAsync("tree", tree, what, LargestTree, ct), tree.Length / 2, what);
    }

    /// <summary>Each entry is "mode name NUL object", the object in bytes.</summary>
    private static List<(string Name, GitFile File)> Parse(ReadOnlySpan<byte> tree, int objectBytes, string what)
    {
        var entries = new List<(string, GitFile)>();
        while (!tree.IsEmpty)
        {
            var (space, end) = (tree.IndexOf((byte)' '), tree.IndexOf((byte)0));
            var next = end + 1 + objectBytes;
            if (space < 0 || end < space || next > tree.Length || ModeOf(tree[..space]) is not { } mode)
                throw Refused($"{what} is none that git makes");
            var file = new GitFile(
                (mode & 0xF000) switch
                {
                    0x4000 => GitFileKind.Folder,
                    0x8000 => GitFileKind.File,
                    0xA000 => GitFileKind.Link,
                    _ => GitFileKind.Submodule,
                },
                Convert.ToHexStringLower(tree[(end + 1)..next]),
                (mode & (int)UnixFileMode.UserExecute) != 0
            );
            entries.Add((NameOf(tree[(space + 1)..end]), file));
            tree = tree[next..];
        }
        return entries;
    }

    /// <summary>Octal.</summary>
    private static int? ModeOf(ReadOnlySpan<byte> digits)
    {
        if (digits.Length is 0 or > 6 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'7'))
            return null;
        var mode = 0;
        foreach (var digit in digits)
            mode = (mode << 3) | (digit - '0');
        return mode;
    }

    private static string NameOf(ReadOnlySpan<byte> name)
    {
        try
        {
            return Strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            throw Refused($"the file name {Encoding.Latin1.GetString(name)} is not UTF-8");
        }
    }

    private static GitException Refused(string message) => new(GitProblem.CannotCheckOut, message);
}
