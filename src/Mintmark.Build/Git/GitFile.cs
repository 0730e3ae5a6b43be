using System.Globalization;
using System.Text;

namespace Mintmark.Build;

public enum GitFileKind
{
    File,
    Link,
    Submodule,
}

/// <param name="Object">Hash of the content.</param>
/// <param name="Length">In bytes; 0 for a submodule.</param>
public sealed record GitFile(GitFileKind Kind, string Object, long Length, bool Executable)
{
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>Of <c>git ls-tree -z -l</c>: "mode type object size TAB path"; folders are left out.</summary>
    internal static Dictionary<string, GitFile> Parse(ReadOnlySpan<byte> listed)
    {
        var files = new Dictionary<string, GitFile>(StringComparer.Ordinal);
        foreach (var range in listed.Split((byte)0))
        {
            var line = listed[range];
            if (line.IsEmpty)
                continue;
            var tab = line.IndexOf((byte)'\t');
            var parts = Encoding.ASCII.GetString(line[..tab]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts[1] == "tree")
                continue;
            var path = PathOf(line[(tab + 1)..]);
            if (!files.TryAdd(path, Of(parts)))
                throw new GitException(GitProblem.CannotCheckOut, $"the commit has {path} twice");
        }
        return files;
    }

    private static GitFile Of(string[] parts) =>
        new(
            parts[0] switch
            {
                "160000" => GitFileKind.Submodule,
                "120000" => GitFileKind.Link,
                _ => GitFileKind.File,
            },
            parts[2],
            parts[3] == "-" ? 0 : long.Parse(parts[3], CultureInfo.InvariantCulture),
            parts[0] == "100755"
        );

    private static string PathOf(ReadOnlySpan<byte> name)
    {
        try
        {
            return Strict.GetString(name);
        }
        catch (DecoderFallbackException)
        {
            throw new GitException(
                GitProblem.CannotCheckOut,
                $"the file name {Encoding.Latin1.GetString(name)} is not UTF-8"
            );
        }
    }
}
