using System.Globalization;
using System.Text;

namespace Mintmark.Build;

/// <summary>Copies files out of <c>git cat-file --batch</c>, one at a time and never whole in memory.</summary>
internal static class GitCheckout
{
    private const int LongestLink = 4096;

    private const UnixFileMode Plain =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode Executable =
        Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public static async Task WriteAsync(
        GitProgram git,
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
        using var batch = git.Start(["cat-file", "--batch"]);
        batch.BeginErrorReadLine();
        try
        {
            var content = new BufferedStream(batch.StandardOutput.BaseStream, 64 * 1024);
            // Links come last: while files are written there is none that could lead out of the folder.
            foreach (var (path, file) in files.OrderBy(f => f.Value.Kind).ThenBy(f => f.Key, StringComparer.Ordinal))
            {
                await batch.StandardInput.WriteAsync($"{file.Object}\n".AsMemory(), ct);
                await batch.StandardInput.FlushAsync(ct);
                var length = Length(file, await LineAsync(content, ct));
                await WriteOneAsync(content, Path.Combine(folder, path), file, length, ct);
            }
        }
        finally
        {
            batch.Kill(entireProcessTree: true);
            await batch.WaitForExitAsync(CancellationToken.None);
        }
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

    private static long Length(GitFile file, string header)
    {
        // "<object> blob <length>", or "<object> missing".
        var parts = header.Split(' ');
        return parts is [_, "blob", var length]
            ? long.Parse(length, CultureInfo.InvariantCulture)
            : throw Refused($"the repository has lost the content {file.Object}: {header}");
    }

    private static async Task WriteOneAsync(
        Stream content,
        string path,
        GitFile file,
        long length,
        CancellationToken ct
    )
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (file.Kind == GitFileKind.Link)
        {
            if (length > LongestLink)
                throw Refused($"the link {path} is longer than {LongestLink} bytes");
            var target = new byte[length];
            await content.ReadExactlyAsync(target, ct);
            File.CreateSymbolicLink(path, Encoding.UTF8.GetString(target));
        }
        else
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                BufferSize = 0,
                UnixCreateMode = file.Executable ? Executable : Plain,
            };
            await using var output = new FileStream(path, options);
            await CopyAsync(content, output, length, ct);
        }
        if (content.ReadByte() != '\n')
            throw Refused($"git cat-file ended within {file.Object}");
    }

    private static async Task CopyAsync(Stream from, Stream to, long length, CancellationToken ct)
    {
        var buffer = new byte[64 * 1024];
        while (length > 0)
        {
            var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), ct);
            if (read == 0)
                throw Refused("git cat-file ended early");
            await to.WriteAsync(buffer.AsMemory(0, read), ct);
            length -= read;
        }
    }

    private static async Task<string> LineAsync(BufferedStream content, CancellationToken ct)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await content.ReadAsync(one, ct) == 1 && one[0] != '\n')
            line.Append((char)one[0]);
        return line.ToString();
    }

    private static GitException Refused(string message) => new(GitProblem.CannotCheckOut, message);
}
