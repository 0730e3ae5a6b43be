using System.Text;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenNoControlPlaneAnswers
{
    [Fact]
    public async Task EachCommandSaysHowToStartOne()
    {
        using var mint = new Mint();
        var transcript = new StringBuilder();
        transcript.AppendLine((await mint.RunAsync("status")).Transcript("status"));
        await using (await CannedApi.StartAsync(mint, _ => { })) { }
        foreach (var command in new[] { "status", "down", "halt --all --reason x", "trace bank-1" })
        {
            var said = await mint.RunAsync(command.Split(' '));
            Assert.Equal((3, ""), (said.Exit, said.Out));
            transcript.AppendLine(said.Transcript(command));
        }
        Golden.Matches("no-control-plane", transcript.ToString());
    }

    [Fact]
    public async Task AStackTraceComesOnlyWhenItIsAskedFor()
    {
        using var mint = new Mint();
        Assert.DoesNotContain("   at ", (await mint.RunAsync("status")).Error, StringComparison.Ordinal);
        Assert.Contains(
            "   at ",
            (await mint.With("MINTMARK_DEBUG", "1").RunAsync("status")).Error,
            StringComparison.Ordinal
        );
    }
}
