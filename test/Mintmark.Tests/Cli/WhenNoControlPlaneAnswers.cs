using System.Text;
using Mintmark.Tests.Gateway;
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
    public async Task GatewaysThatServeOnSaySoThemselves()
    {
        using var mint = new Mint { Now = DateTimeOffset.UtcNow };
        await using (await CannedApi.StartAsync(mint, _ => { })) { }
        await using var bank = await Instance.SayingAsync("ok");
        await using var first = await Rig.StartAsync(mint.HomeFolder);
        var further = await Rig.StartAsync(mint.HomeFolder, o => o with { Name = "7481", AccessLog = null });
        await first.PutAsync(Rig.Alone(bank));

        var said = await mint.RunAsync("status");

        Assert.Equal((3, ""), (said.Exit, said.Out));
        Assert.Matches(
            "^mint: gateway serves on by the routes of entry 1, put .* ago; it last heard of a control plane .* ago; "
                + "0 connections\nmint: gateway 7481 runs and has no routes\nmint: no control plane answers",
            said.Error
        );
        await further.StopAsync();
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
