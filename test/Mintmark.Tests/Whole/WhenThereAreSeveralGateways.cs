using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Tests.Cli;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>A control plane with two gateways.</summary>
public sealed class TwinMachine() : Machine(gateways: 2);

public sealed class WhenThereAreSeveralGateways(TwinMachine machine) : IClassFixture<TwinMachine>
{
    [Fact]
    public async Task EachServesAndIsHaltedAndCanBeReplacedUnderLoad()
    {
        using var service = new Quotes("twin");
        service.Commit("hello");
        var shipped = await machine.ShipAsync(service);
        Assert.True(shipped.Exit == 0, $"{shipped}");
        Assert.Equal("200 200", await AskEachAsync());

        using (var api = machine.Plane.Connect())
        {
            Assert.Null((await HaltAsync(api)).Away);
            Assert.Equal("503 503", await AskEachAsync());
            await PostAsync(api, "/api/resume");
            await Eventually.HoldsAsync(async () => await AskEachAsync() == "200 200", () => "both serve again");
        }
        await using var first = new Callers(machine.Plane.Addresses.Gateway, "twin");
        await using var second = new Callers(machine.Plane.Addresses.More[0], "twin");
        var before = await RunsAsync();

        var replaced = await ReplaceWhileHaltsComeAsync(service);

        Assert.True(replaced.Exit == 0, $"{replaced}");
        Assert.Contains(
            $"gateway {machine.Plane.Addresses.More[0]} is replaced",
            replaced.Out,
            StringComparison.Ordinal
        );
        Assert.Empty(before.Intersect(await ServingAsync()));
        var all = first.Take().Concat(second.Take()).ToList();
        Assert.Contains(all, heard => heard.Status == 200);
        Assert.All(all, heard => Assert.True(heard.Status == 200 || IsHalted(heard), $"{heard}"));
        Assert.Equal("200 200", await AskEachAsync());
        Assert.Contains("through the first gateway", await TraceAsync(service, 0), StringComparison.Ordinal);
        Assert.Contains(
            $"through the gateway on port {machine.Plane.Addresses.More[0].Port}",
            await TraceAsync(service, 1),
            StringComparison.Ordinal
        );
    }

    /// <summary>Each is confirmed, and holds at both, whichever process serves.</summary>
    private async Task<Said> ReplaceWhileHaltsComeAsync(Quotes service)
    {
        using var api = machine.Plane.Connect();
        var replacing = machine.MintAsync(service.Folder, "gateway", "replace");
        while (!replacing.IsCompleted)
        {
            await HaltAsync(api);
            Assert.Equal("503 503", await AskEachAsync());
            await PostAsync(api, "/api/resume");
        }
        await Eventually.HoldsAsync(async () => await AskEachAsync() == "200 200", () => "both serve again");
        return await replacing;
    }

    /// <summary>On a machine that does six other things gateways may take longer than is waited for at once.</summary>
    private static async Task<Done> HaltAsync(Mintmark.Cli.ApiClient api)
    {
        var halted = await Again.WhileAsync(done => !done.InForce, () => PostAsync(api, "/api/halt"));
        Assert.True(halted.InForce, "the halt was not confirmed");
        return halted;
    }

    private static bool IsHalted(Heard heard) =>
        heard.Status == 503 && heard.Body.Contains("\"Halted\"", StringComparison.Ordinal);

    private async Task<string> TraceAsync(Quotes service, int gateway)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync($"http://{machine.Plane.Addresses.Gateways[gateway]}/s/twin/quote");
        var traced = await machine.MintAsync(
            service.Folder,
            "trace",
            answer.Headers.GetValues("Mint-Request").Single()
        );
        return traced.Out;
    }

    private async Task<string> AskEachAsync()
    {
        using var http = new HttpClient();
        var statuses = new List<int>();
        foreach (var gateway in machine.Plane.Addresses.Gateways)
        {
            using var answer = await http.GetAsync($"http://{gateway}/s/twin/quote");
            statuses.Add((int)answer.StatusCode);
        }
        return string.Join(' ', statuses);
    }

    private static Task<Done> PostAsync(Mintmark.Cli.ApiClient api, string path) =>
        api.PostAsync<HoldRequest, Done>(
            path,
            new HoldRequest(new ServiceName("twin"), "a test", "alice"),
            CancellationToken.None
        );

    private async Task<IReadOnlyList<string>> RunsAsync() => [.. (await GatewaysAsync()).Select(g => g.Run!)];

    private async Task<IReadOnlyList<string>> ServingAsync() =>
        [.. (await GatewaysAsync()).Where(g => g.Leaving != true).Select(g => g.Run!)];

    private async Task<IReadOnlyList<GatewayStatus>> GatewaysAsync()
    {
        using var api = machine.Plane.Connect();
        return (await api.GetAsync<StatusAnswer>("/api/status", CancellationToken.None)).Gateways!;
    }
}
