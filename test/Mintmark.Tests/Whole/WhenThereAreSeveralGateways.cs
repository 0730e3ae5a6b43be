using System.Diagnostics;
using Mintmark.Releases;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>A control plane with two gateways.</summary>
public sealed class TwinMachine() : Machine(gateways: 2);

public sealed class WhenThereAreSeveralGateways(TwinMachine machine) : IClassFixture<TwinMachine>
{
    /// <summary>
    /// Of a quiet machine it takes a few milliseconds; of one that does six other things it may take more.
    /// </summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

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
            await PostAsync(api, "/api/halt");
            var began = Stopwatch.GetTimestamp();
            var halted = await PostAsync(api, "/api/halt");
            Assert.Equal("503 503", await AskEachAsync());
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, Soon);
            Assert.True(halted.InForce);
            Assert.Null(halted.Away);
            await PostAsync(api, "/api/resume");
        }
        await using var first = new Callers(machine.Plane.Addresses.Gateway, "twin");
        await using var second = new Callers(machine.Plane.Addresses.More[0], "twin");
        var before = await RunsAsync();

        var replaced = await machine.MintAsync(service.Folder, "gateway", "replace");

        Assert.True(replaced.Exit == 0, $"{replaced}");
        Assert.Contains(
            $"gateway {machine.Plane.Addresses.More[0]} is replaced",
            replaced.Out,
            StringComparison.Ordinal
        );
        Assert.Empty(before.Intersect(await ServingAsync()));
        Assert.All(first.Take().Concat(second.Take()), heard => Assert.Equal(200, heard.Status));
        Assert.Equal("200 200", await AskEachAsync());
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
