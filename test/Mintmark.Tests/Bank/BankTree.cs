using System.Diagnostics;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.BankExample;

/// <summary>The example bank in a folder of its own, gone after the test. It starts as version 1.</summary>
sealed class BankTree : IDisposable
{
    private const string Bank = "examples/bank/";
    private const string Versions = Bank + "versions/";

    private readonly string folder = Directory.CreateTempSubdirectory("mintmark-bank-").FullName;

    public BankTree()
    {
        foreach (var file in Files)
        {
            var copy = In(file);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Checkout.In(Bank + file), copy);
        }
        // Inside somebody else's repository git would skip every path of a patch without a word.
        Assert.Equal("", Git("init", "--quiet"));
    }

    /// <summary>What a copy of the bank consists of.</summary>
    public static IEnumerable<string> Files =>
        from file in Checkout.Files
        where file.StartsWith(Bank, StringComparison.Ordinal) && !file.StartsWith(Versions, StringComparison.Ordinal)
        select file[Bank.Length..];

    public static IEnumerable<string> Patches =>
        from file in Checkout.Files
        where file.StartsWith(Versions, StringComparison.Ordinal) && file.EndsWith(".patch", StringComparison.Ordinal)
        orderby file
        select Path.GetFileNameWithoutExtension(file);

    public static string PathOf(string patch) => Checkout.In($"{Versions}{patch}.patch");

    public static string ReadMe => Checkout.Text(Versions + "README.md");

    /// <summary>Empty when the patch fits, else what git says against it.</summary>
    public string Check(string patch) => Git("apply", "--check", "--whitespace=error", PathOf(patch));

    public void Apply(string patch) => Assert.Equal("", Git("apply", PathOf(patch)));

    public void Revert(string patch) => Assert.Equal("", Git("apply", "--reverse", PathOf(patch)));

    public string Text(string file) => File.ReadAllText(In(file));

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private string In(string file) => Path.Combine(folder, file);

    private string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments) { WorkingDirectory = folder, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? "" : $"status {process.ExitCode}: {said}";
    }
}
