using System.Diagnostics;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenItRunsAsAProcess
{
    [Theory]
    [InlineData(0, "--help")]
    [InlineData(0, "--version")]
    [InlineData(2, "frobnicate")]
    [InlineData(2, "up", "--api", "0.0.0.0:7400")]
    [InlineData(3, "status", "--home", "/nonexistent/mintmark")]
    public async Task TheExitStatusIsTheOneThatIsPromised(int exit, params string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "mint"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        await SaysAsync(exit, start);
    }

    [Fact]
    public async Task AFolderThatWasDeletedMeanwhileIsNoReasonToFallOver()
    {
        const string leave = "cd $(mktemp -d) && rmdir $PWD && exec \"$@\"";
        string[] mint = [Path.Combine(AppContext.BaseDirectory, "mint"), "status", "--home", "/nonexistent/mintmark"];
        var start = new ProcessStartInfo("/bin/sh", ["-c", leave, "sh", .. mint])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        Assert.StartsWith("mint: no control plane has run", await SaysAsync(3, start), StringComparison.Ordinal);
    }

    /// <returns>What it says of a failure.</returns>
    private static async Task<string> SaysAsync(int exit, ProcessStartInfo start)
    {
        using var mint = Process.Start(start)!;
        var output = mint.StandardOutput.ReadToEndAsync();
        var error = await mint.StandardError.ReadToEndAsync();
        await mint.WaitForExitAsync();
        Assert.Equal(exit, mint.ExitCode);
        Assert.Equal(exit == 0, error.Length == 0);
        Assert.Equal(exit == 0, (await output).Length > 0);
        return error;
    }

    [Fact]
    public void ProgramIsShort() => Assert.True(Checkout.Lines("src/Mintmark.Cli/Program.cs").Length < 80);
}
