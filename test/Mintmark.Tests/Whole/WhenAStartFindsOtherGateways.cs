using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mintmark.Cli.Demo;
using Mintmark.Server;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>More than it names, and of another build.</summary>
public sealed class WhenAStartFindsOtherGateways(TwinMachine machine) : IClassFixture<TwinMachine>
{
    [Fact]
    public async Task AStartEndsWhoIsNotNamedAnyMoreAndReplacesAnotherBuild()
    {
        using var service = new Quotes("single");
        service.Commit("hello");
        var shipped = await machine.ShipAsync(service);
        Assert.True(shipped.Exit == 0, $"{shipped}");
        var (plane, both) = (machine.Plane, machine.Plane.Addresses);
        await using var callers = new Callers(both.Gateway, "single");
        await plane.KillAsync(TestContext.Current.CancellationToken);
        await ReplaceByAnotherBuildAsync(plane);
        Assert.Equal("another", await BuildAsync(plane));

        plane.Addresses = both with { More = [] };
        await plane.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(BuildId.Of(AppContext.BaseDirectory), await BuildAsync(plane));
        await Eventually.HoldsAsync(() => !IsThere(both.More[0]), "the second one has ended");
        Assert.All(callers.Take(), heard => Assert.Equal((200, "hello"), (heard.Status, heard.Body.Split(' ')[0])));
    }

    private static async Task ReplaceByAnotherBuildAsync(DemoPlane plane)
    {
        string[] options = ["--home", plane.Home.Root, "--listen", $"{plane.Addresses.Gateway}", "--build", "another"];
        Process.Start(Path.Combine(AppContext.BaseDirectory, "Mintmark.Gateway"), [.. options, "--replace"]).Dispose();
        await Eventually.HoldsAsync(async () => await BuildAsync(plane) == "another", () => "another one serves");
    }

    private static async Task<string?> BuildAsync(DemoPlane plane)
    {
        using var client = new GatewayClient(Path.Combine(plane.Home.Gateway, "control.sock"));
        try
        {
            return await client.BuildAsync(CancellationToken.None);
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    private static bool IsThere(IPEndPoint gateway)
    {
        using var probe = new TcpClient();
        try
        {
            probe.Connect(gateway);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
