using System.Diagnostics;
using System.Globalization;
using Mintmark.Gateway;
using Mintmark.Tests.Cli;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>It outlives control planes, and goes on as it was started.</summary>
public sealed class WhenTheGatewayRunsAlready(Machine machine) : IClassFixture<Machine>
{
    [Fact]
    public async Task AnotherPlaceForItsAccessLogIsRefusedWithTheOneItHas()
    {
        var kept = Path.Combine(machine.Plane.Home.Root, "gateway", "access");
        await machine.Plane.KillAsync(TestContext.Current.CancellationToken);

        var refused = await UpAsync("off");

        Assert.Equal(3, refused.Exit);
        Assert.Contains($"runs already, with --access-log {kept}", refused.Error, StringComparison.Ordinal);
        await machine.Plane.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>One that was killed after it had started the gateway has said of none before.</summary>
    [Fact]
    public async Task WhereItListensIsForItselfToSay()
    {
        var published = Path.Combine(machine.Plane.Home.Root, "addresses");
        var (api, gateway) = (machine.Plane.Addresses.Api, machine.Plane.Addresses.Gateway);
        await machine.Plane.KillAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(published, $"{api}\n127.0.0.1:7\n");

        var refused = await machine.MintAsync(machine.Folder, "up", "--gateway", "127.0.0.1:7");

        Assert.Equal(3, refused.Exit);
        Assert.Contains($"runs already, on {gateway}: start with", refused.Error, StringComparison.Ordinal);
        await machine.Plane.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The test is the one before, which takes its time.</summary>
    [Fact]
    public async Task OneThatIsAboutToHaveEndedIsWaitedFor()
    {
        var gateway = machine.Plane.Home.Gateway;
        await machine.Plane.KillAsync(TestContext.Current.CancellationToken);
        var run = (await File.ReadAllTextAsync(Path.Combine(gateway, "pid"))).Split(' ')[0];
        using (var before = Process.GetProcessById(int.Parse(run, CultureInfo.InvariantCulture)))
            before.Kill();
        var output = Path.Combine(gateway, "output.log");
        using var folder = await HeldAsync(machine.Plane.Home.Root);
        var said = (await File.ReadAllTextAsync(output)).Length;

        var starting = machine.Plane.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            () => File.ReadAllText(output)[said..].Contains("another gateway runs on", StringComparison.Ordinal),
            "one has found the folder held"
        );
        folder.Dispose();

        await starting;
    }

    /// <summary>As soon as the operating system knows that the other one has ended.</summary>
    static async Task<GatewayFolder> HeldAsync(string home)
    {
        GatewayFolder? folder = null;
        await Eventually.HoldsAsync(
            () =>
            {
                try
                {
                    folder = GatewayFolder.Hold(home, name: null);
                }
                catch (CannotStartException)
                {
                    // It is about to end.
                }
                return folder is not null;
            },
            "it has ended"
        );
        return folder!;
    }

    Task<Said> UpAsync(string accessLog) =>
        machine.MintAsync(
            machine.Folder,
            "up",
            "--gateway",
            $"{machine.Plane.Addresses.Gateway}",
            "--access-log",
            accessLog
        );
}
