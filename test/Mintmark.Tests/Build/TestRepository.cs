using System.Diagnostics;
using Mintmark.Build;
using Xunit;

namespace Mintmark.Tests.Build;

/// <summary>A git repository in a folder of its own, gone after the test.</summary>
sealed class TestRepository : IDisposable
{
    public TestRepository()
    {
        Path = Directory.CreateTempSubdirectory("mintmark-repository-").FullName;
        Git("init", "--quiet", "--initial-branch=main");
    }

    public string Path { get; }

    public string In(string path) => System.IO.Path.Combine(Path, path);

    public void Write(string path, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(In(path))!);
        File.WriteAllText(In(path), content);
    }

    /// <summary>Commits everything, always at the same time, so that equal trees are equal commits.</summary>
    public string Commit(string subject)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "--message", subject);
        return Head();
    }

    public string Head() => Git("rev-parse", "HEAD").Trim();

    /// <summary>Puts one object's content in another's place, which git does not notice when it reads.</summary>
    public void Overwrite(string name, string with)
    {
        File.Delete(Loose(name));
        File.Copy(Loose(with), Loose(name));

        string Loose(string of) => In($".git/objects/{of[..2]}/{of[2..]}");
    }

    public Task<GitRepository> OpenAsync() => GitRepository.OpenAsync(Path, TestContext.Current.CancellationToken);

    public string Git(params IEnumerable<string> arguments) => Run("git", arguments);

    public string Shell(string command) => Run("sh", ["-c", command]);

    /// <summary>Whether the command ended well.</summary>
    public bool Try(string command) =>
        Shell($"{command} && echo done || true").EndsWith("done\n", StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private string Run(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        foreach (var who in (string[])["AUTHOR", "COMMITTER"])
        {
            start.Environment[$"GIT_{who}_NAME"] = "Alice";
            start.Environment[$"GIT_{who}_EMAIL"] = "alice@example.com";
            start.Environment[$"GIT_{who}_DATE"] = "2026-01-02T03:04:05Z";
        }
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException(errors);
    }
}
