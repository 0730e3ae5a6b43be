using System.Diagnostics;
using System.Text;
using Xunit;

namespace Mintmark.Tests.House;

/// <summary>The files of the repository that this program was built from.</summary>
static class Checkout
{
    public static readonly string Root = FindRoot();

    /// <summary>Relative paths: what git tracks or would track; without git, all but build output.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [.. (Path.Exists(In(".git")) ? Tracked() : Found()).Where(file => File.Exists(In(file)))];

    public static IEnumerable<string> Sources => Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>Without the examples: each of these is a repository of its own.</summary>
    public static IEnumerable<string> Projects =>
        Files.Where(f =>
            f.EndsWith(".csproj", StringComparison.Ordinal) && !f.StartsWith("examples/", StringComparison.Ordinal)
        );

    public static string In(string relative) => Path.Combine(Root, relative);

    public static string[] Lines(string file) => File.ReadAllLines(In(file));

    public static string Text(string file) => File.ReadAllText(In(file));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mintmark.slnx")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("these tests run inside their checkout");
        return folder.FullName;
    }

    private static string[] Tracked()
    {
        var git = new ProcessStartInfo("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        using var process = Process.Start(git)!;
        var listed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return listed.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private static IEnumerable<string> Found() =>
        Directory
            .EnumerateFiles(Root, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path))
            .Where(path => !path.Split('/')[0].Equals("artifacts", StringComparison.Ordinal));
}
