using System.Text;

namespace Mintmark.Build;

/// <summary>Copies files out of a repository, one at a time and never whole in memory.</summary>
internal static class GitCheckout
{
    private const int LongestLink = 4096;

    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static async Task WriteAsync(
        GitObjects objects,
        IReadOnlyDictionary<string, GitFile> files,
        string folder,
        CancellationToken ct
    )
    {
        foreach (var (path, file) in files)
        {
            Check(path, file);
            CheckAbove(path, files);
        }
        Directory.CreateDirectory(folder);
        // Links come last: while files are written there is none that could lead out of the folder.
        foreach (var (path, file) in files.OrderBy(f => f.Value.Kind).ThenBy(f => f.Key, StringComparer.Ordinal))
            await WriteOneAsync(objects, path, file, Path.Combine(folder, path), ct);
    }

    private static void Check(string path, GitFile file)
    {
        if (file.Kind == GitFileKind.Submodule)
            throw Refused($"{path} is a submodule: what it holds is not part of the commit");
        if (path.Split('/').Any(s => s is "" or "." or ".." || RepositoryPath.IsGit(s)))
            throw Refused($"the path {path} leads out of the tree or into .git");
    }

    /// <summary>A tree made by hand may have one name twice: what is below a link would lie elsewhere.</summary>
    private static void CheckAbove(string path, IReadOnlyDictionary<string, GitFile> files)
    {
        for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
        {
            if (files.ContainsKey(path[..slash]))
                throw Refused($"{path} lies below {path[..slash]}, which is no folder");
        }
    }

    private static async Task WriteOneAsync(
        GitObjects objects,
        string path,
        GitFile file,
        string target,
        CancellationToken ct
    )
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        if (file.Kind == GitFileKind.Link)
        {
            var leads = await objects.ReadAsync("blob", file.Object, $"the link {path}", LongestLink, ct);
            File.CreateSymbolicLink(target, Encoding.UTF8.GetString(leads));
            return;
        }
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            BufferSize = 0,
            UnixCreateMode = file.Executable ? Executable : Plain,
        };
        await using var output = new FileStream(target, options);
        await objects.CopyAsync("blob", file.Object, path, output, ct);
    }

    private static GitException Refused(string message) => new(GitProblem.CannotCheckOut, message);
}
