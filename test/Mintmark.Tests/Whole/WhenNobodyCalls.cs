using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>A service without any client, whose mint.yaml has it probed after a second.</summary>
public sealed class WhenNobodyCalls(Machine machine) : IClassFixture<Machine>
{
    private const string Probed = """
        rollout:
          steps: [ { share: 40%, requests: 20 } ]
          tolerated-delay: 1m
          warm-up: 0s
          false-rollback: 0.01
          guard: 0s
          without-evidence: probe
          patience: 1s
          probes: [ { path: /quote }, { path: /quote?of=gold, expect: 200 } ]
        """;

    [Fact]
    public async Task AGoodVersionGoesUpByProbes()
    {
        using var service = new Quotes("quiet", Probed);
        await ShipAsync(service, "one", exit: 0);

        await ShipAsync(service, "two", exit: 0);

        var shown = await machine.MintAsync(service.Folder, "releases", "quiet", "--json");
        Assert.Contains("\"probes\":", shown.Out, StringComparison.Ordinal);
        Assert.Contains("of them probes), against 0 and 0 of", shown.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABadOneIsTakenBackByProbes()
    {
        using var service = new Quotes("quiet-and-bad", Probed);
        await ShipAsync(service, "one", exit: 0);

        var shipped = await ShipAsync(service, "two", exit: 1, failEvery: 1);

        Assert.Contains("worse", shipped, StringComparison.Ordinal);
    }

    private async Task<string> ShipAsync(Quotes service, string word, int exit, int failEvery = 0)
    {
        service.Commit(word, failEvery);
        var shipped = await machine.ShipAsync(service);
        Assert.True(shipped.Exit == exit, $"{shipped}");
        return shipped.Out;
    }
}
