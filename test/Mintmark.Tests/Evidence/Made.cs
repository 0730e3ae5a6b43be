using System.Text;
using Mintmark.Evidence;
using Mintmark.Releases;
using Mintmark.Tests.Build;

namespace Mintmark.Tests.Evidence;

/// <summary>Files as a build leaves them, and what is read from them.</summary>
static class Made
{
    public static readonly BuiltVersion Version = new(
        BuildHome.Release,
        BuildHome.Mark,
        new Source("/srv/bank", new string('c', 40), new string('e', 40), "sha256:0", "round down"),
        BuildHome.Manifest(),
        new Artifact(
            $"sha256:{new string('a', 64)}",
            1_024,
            [new Tool("git", "2.47.3"), new Tool("dotnet", "10.0.100")],
            DateTimeOffset.UnixEpoch.AddSeconds(60)
        ),
        [],
        DateTimeOffset.UnixEpoch
    );

    /// <summary>Commits with these messages, newest first.</summary>
    public static SourceFacts Facts(params string[] messages) =>
        new(
            CommitSignature.None,
            true,
            ["main"],
            null,
            [.. messages.Select((m, i) => new CommitText($"{i:x40}", m))],
            null
        );

    public static Materials Of(params (string Path, string Text)[] files)
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-materials-");
        try
        {
            return MaterialsFolder.Read(files.Select((file, i) => Put(folder.FullName, i, file)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static string Sbom(Materials materials) =>
        Encoding.UTF8.GetString(Mintmark.Evidence.Sbom.Write(Version, materials));

    /// <summary>SHA-512 of nothing in particular, in base64.</summary>
    public static string Sha512(int n) => Convert.ToBase64String([.. Enumerable.Repeat((byte)n, 64)]);

    private static BuiltFile Put(string folder, int i, (string Path, string Text) file)
    {
        var path = Path.Combine(folder, $"{i}");
        var bytes = Encoding.UTF8.GetBytes(file.Text);
        File.WriteAllBytes(path, bytes);
        return new BuiltFile(file.Path, path, bytes.Length);
    }
}
