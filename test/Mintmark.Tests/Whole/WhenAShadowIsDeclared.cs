using System.Text.Json;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>A service whose new versions answer 60 copies of requests before their first client.</summary>
public sealed class WhenAShadowIsDeclared(Machine machine) : IClassFixture<Machine>
{
    private const string Shadowed = """
        rollout:
          shadow: { requests: 60, paths: [/quote] }
          tolerated-delay: 1m
          warm-up: 0s
          steps: [ { share: 40%, requests: 30 } ]
          false-rollback: 0.0001
          guard: 0s
        """;

    [Fact]
    public async Task AGoodVersionGoesOnToItsClients()
    {
        using var service = new Quotes("shadowed", Shadowed);
        service.Commit("one");
        Assert.Equal(0, (await machine.ShipAsync(service)).Exit);
        await using var callers = machine.CallersOf(service.Name);
        service.Commit("two");

        var shipped = await machine.ShipAsync(service);

        Assert.True(shipped.Exit == 0, $"{shipped}");
        var (copies, failedAlone) = await ShadowAsync(service);
        Assert.True(copies >= 60, $"{copies} copies");
        Assert.Equal(0, failedAlone);
        Assert.All(callers.Take(), heard => Assert.Equal(200, heard.Status));
    }

    [Fact]
    public async Task ABadOneIsTakenBackBeforeItHadAClient()
    {
        using var service = new Quotes("shadowed-and-bad", Shadowed);
        service.Commit("one");
        Assert.Equal(0, (await machine.ShipAsync(service)).Exit);
        await using var callers = machine.CallersOf(service.Name);
        service.Commit("two", failEvery: 1);

        var shipped = await machine.ShipAsync(service);

        Assert.True(shipped.Exit == 1, $"{shipped}");
        Assert.Contains("copies of requests it failed", shipped.Out, StringComparison.Ordinal);
        Assert.True((await ShadowAsync(service)).FailedAlone >= 16);
        Assert.All(callers.Take(), heard => Assert.Equal((200, $"{service.Name}-1"), (heard.Status, heard.Mark)));
    }

    private async Task<(long Copies, long FailedAlone)> ShadowAsync(Quotes service)
    {
        var shown = await machine.MintAsync(service.Folder, "releases", service.Name, "--json");
        var tallies = JsonDocument
            .Parse(shown.Out)
            .RootElement[0]
            .GetProperty("release")
            .GetProperty("shadow")
            .GetProperty("tallies")
            .EnumerateObject()
            .Select(t => t.Value)
            .ToList();
        return (
            tallies.Sum(t => t.GetProperty("copies").GetInt64()),
            tallies.Sum(t => t.GetProperty("failedAlone").GetInt64())
        );
    }
}
