using System.Diagnostics;
using Xunit;

namespace Mintmark.Tests.Cli;

/// <summary>git in the folder of a test.</summary>
static class Shell
{
    public static string Git(this Mint mint, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = mint.Folder,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var git = Process.Start(start)!;
        var said = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
        return said;
    }

    public static async Task CommitAsync(this Mint mint, string file, string subject)
    {
        await File.WriteAllTextAsync(Path.Combine(mint.Folder, file), subject);
        mint.Git("add", "--all");
        mint.Git("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "-q", "-m", subject);
    }
}
