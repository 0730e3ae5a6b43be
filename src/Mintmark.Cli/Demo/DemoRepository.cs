using System.Diagnostics;

namespace Mintmark.Cli.Demo;

/// <summary>A git repository of the bank, whose history the demo writes.</summary>
internal sealed class DemoRepository(string examples, string folder)
{
    /// <summary>What the example declares, for a quick machine.</summary>
    public static readonly TimeSpan QuickWarmUp = TimeSpan.FromSeconds(5);

    public string Folder => folder;

    /// <exception cref="StopException">The examples are not where this program was built.</exception>
    public static string Examples()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var bank = Path.Combine(at.FullName, "examples", "bank");
            if (File.Exists(Path.Combine(bank, "mint.yaml")))
                return bank;
        }
        throw new StopException(
            Exit.Failure,
            "the demo needs examples/bank, which is not beside this program",
            "run it from a checkout of Mintmark with: ./mint demo"
        );
    }

    /// <param name="warmUp">How long the first answers of its versions are slow on this machine.</param>
    public void Begin(TimeSpan warmUp)
    {
        Copy(new DirectoryInfo(examples), folder);
        var manifest = Path.Combine(folder, "mint.yaml");
        var declared = File.ReadAllText(manifest);
        File.WriteAllText(manifest, declared.Replace(WarmUp(QuickWarmUp), WarmUp(warmUp), StringComparison.Ordinal));
        Git("init", "--quiet", "--initial-branch=main");
        Commit("bank: accounts, transfers, statements");
    }

    /// <summary>Puts the example's advisories where the control plane looks for them.</summary>
    public void Advise(string home) => Copy(new DirectoryInfo(Path.Combine(examples, "versions", "advisories")), home);

    /// <summary>The next version: a patch of the example's, and its author's words.</summary>
    public void Apply(string patch)
    {
        var path = Path.Combine(examples, "versions", patch + ".patch");
        Git("apply", path);
        Commit(File.ReadLines(path).First());
    }

    /// <summary>Takes the last commit back, as one does after a rollback.</summary>
    public void Revert() => Git("revert", "--no-edit", "HEAD");

    private static string WarmUp(TimeSpan time) => $"warm-up: {time.TotalSeconds:0}s";

    private void Commit(string subject)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--message", subject);
    }

    private void Git(params string[] arguments)
    {
        string[] identity =
        [
            "-c",
            "user.name=Demo",
            "-c",
            "user.email=demo@example.invalid",
            "-c",
            "commit.gpgsign=false",
        ];
        var start = new ProcessStartInfo("git", [.. identity, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEndAsync();
        var error = git.StandardError.ReadToEnd();
        git.WaitForExit();
        if (git.ExitCode != 0)
            throw new StopException(Exit.Failure, $"git {arguments[0]}: {error.Trim()}");
        output.GetAwaiter().GetResult();
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles())
            file.CopyTo(Path.Combine(to, file.Name));
        foreach (var inner in from.EnumerateDirectories().Where(d => d.Name is not ("versions" or "bin" or "obj")))
            Copy(inner, Path.Combine(to, inner.Name));
    }
}
