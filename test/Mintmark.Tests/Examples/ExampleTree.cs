using System.Diagnostics;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.Examples;

/// <summary>An example in a folder of its own, gone after the test. It starts as version 1.</summary>
sealed class ExampleTree : IDisposable
{
    public static readonly string[] Names = ["bank", "orderdesk", "pricer"];

    private readonly string name;
    private readonly string folder = Directory.CreateTempSubdirectory("mintmark-example-").FullName;

    public ExampleTree(string name)
    {
        this.name = name;
        CopyTo(name, folder);
        // Inside somebody else's repository git would skip every path of a patch without a word.
        Assert.Equal("", Git("init", "--quiet"));
    }

    /// <summary>What a copy of an example consists of.</summary>
    public static IEnumerable<string> FilesOf(string name) =>
        from file in Checkout.Files
        where file.StartsWith($"examples/{name}/", StringComparison.Ordinal)
        where !file.StartsWith(Versions(name), StringComparison.Ordinal)
        select file[$"examples/{name}/".Length..];

    public static IEnumerable<string> PatchesOf(string name) =>
        from file in Checkout.Files
        where file.StartsWith(Versions(name), StringComparison.Ordinal)
        where file.EndsWith(".patch", StringComparison.Ordinal)
        orderby file
        select Path.GetFileNameWithoutExtension(file);

    /// <summary>What is known against a component that a bad version of one takes in.</summary>
    public static IEnumerable<string> Advisories =>
        from file in Checkout.Files
        where file.StartsWith("examples/", StringComparison.Ordinal)
        where file.Contains("/versions/advisories/", StringComparison.Ordinal)
        select Checkout.In(file);

    public static string PathOf(string name, string patch) => Checkout.In($"{Versions(name)}{patch}.patch");

    public static string VersionsReadMe(string name) => Checkout.Text(Versions(name) + "README.md");

    public static void CopyTo(string name, string folder)
    {
        foreach (var file in FilesOf(name))
        {
            var copy = Path.Combine(folder, file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Checkout.In($"examples/{name}/{file}"), copy);
        }
    }

    /// <summary>Empty when the patch fits, else what git says against it.</summary>
    public string Check(string patch) => Git("apply", "--check", "--whitespace=error", PathOf(name, patch));

    public void Apply(string patch) => Assert.Equal("", Git("apply", PathOf(name, patch)));

    public void Revert(string patch) => Assert.Equal("", Git("apply", "--reverse", PathOf(name, patch)));

    public string Text(string file) => File.ReadAllText(Path.Combine(folder, file));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Versions(string name) => $"examples/{name}/versions/";

    private string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"status {process.ExitCode}: {said}";
    }
}
