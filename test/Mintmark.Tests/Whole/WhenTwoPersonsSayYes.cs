using System.Text.Json;
using Mintmark.Tests.Cli;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Whole;

/// <summary>The whole of it, by persons with tokens of their own.</summary>
public sealed class WhenTwoPersonsSayYes(Machine machine) : IClassFixture<Machine>
{
    private const string Why = "--reason=because";

    [Fact]
    public async Task AReleaseWaitsForAnotherPersonAndGoesOn()
    {
        using var service = new Quotes("agreed");
        var (engineer, approver) = (await AddAsync("erin", "engineer"), await AddAsync("adam", "approver"));
        service.Commit("one");
        Assert.Equal(0, (await machine.ShipAsync(service)).Exit);
        Assert.Equal(0, (await SayAsync(approver, "enforce", "agreed", "approved-by-another", Why)).Exit);

        service.Commit("two");
        var release = await ShippedAsync(service, engineer);
        await WaitsAsync(release);
        var shown = await machine.MintAsync(service.Folder, "show", release);
        Assert.Contains("approved-by-another", shown.Out, StringComparison.Ordinal);
        Assert.Contains($"mint approve {release}", shown.Out, StringComparison.Ordinal);
        Assert.Contains("adam", shown.Out, StringComparison.Ordinal);
        Assert.Equal(2, (await SayAsync(engineer, "approve", release, Why)).Exit);
        Assert.Equal(2, (await machine.MintAsync(machine.Folder, "approve", release, Why)).Exit);
        Assert.Equal(1, (await SayAsync(approver, "approve", release, Why, "--digest", "sha256:other")).Exit);

        Assert.Equal(0, (await SayAsync(approver, "approve", release, Why)).Exit);

        Assert.Equal(0, (await FollowedAsync(service, release)).Exit);
        var trace = await machine.MintAsync(service.Folder, "trace", "agreed-2");
        Assert.Contains("by adam", trace.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnEmergencyTakesTwoAndAThirdBeforeTheNextRelease()
    {
        using var service = new Quotes("urgent");
        var manifest = Path.Combine(service.Folder, "mint.yaml");
        var text = await File.ReadAllTextAsync(manifest);
        service.CommitWith("mint.yaml", text.Replace("valuation", "human-trading", StringComparison.Ordinal));
        var engineer = await AddAsync("eva", "engineer");
        var (duty, third) = (await AddAsync("dora", "duty-officer"), await AddAsync("theo", "approver"));
        service.Commit("one");

        var release = await ShippedAsync(service, engineer, "--emergency");
        await WaitsAsync(release);
        Assert.Equal(0, (await SayAsync(duty, "approve", release, Why)).Exit);
        var followed = await FollowedAsync(service, release);
        Assert.True(followed.Exit == 0, $"{followed}");
        var status = await machine.MintAsync(machine.Folder, "status");
        Assert.Contains($"mint review {release}", status.Out, StringComparison.Ordinal);

        service.Commit("two");
        var held = await machine.MintAsync(service.Folder, "ship", "--token-file", engineer);
        Assert.Equal(1, held.Exit);
        Assert.Contains("emergency-reviewed", held.Out, StringComparison.Ordinal);
        Assert.Equal(1, (await SayAsync(duty, "review", release, Why)).Exit);
        Assert.Equal(0, (await SayAsync(third, "review", release, Why)).Exit);
        await using var callers = machine.CallersOf(service.Name);
        var next = await machine.MintAsync(service.Folder, "ship", "--token-file", engineer);
        Assert.True(next.Exit == 0, $"{next}");
    }

    [Fact]
    public async Task AKillIsRehearsedOnTheFirstVersionAndAllInstancesAreOfItsArtifact()
    {
        using var service = new Quotes("algo");
        var manifest = Path.Combine(service.Folder, "mint.yaml");
        var text = await File.ReadAllTextAsync(manifest);
        service.CommitWith(
            "mint.yaml",
            text.Replace("valuation", "automated-trading", StringComparison.Ordinal)
                .Replace("perl serve.pl }", "perl serve.pl, instances: 2 }", StringComparison.Ordinal)
        );
        service.Commit("one");

        var shipped = await machine.ShipAsync(service);

        Assert.True(shipped.Exit == 0, $"{shipped}");
        Assert.Contains("nothing went through", shipped.Out, StringComparison.Ordinal);
        var trace = await machine.MintAsync(service.Folder, "trace", "algo-1", "--json");
        using var told = JsonDocument.Parse(trace.Out);
        var release = told.RootElement.GetProperty("releases")[0];
        Assert.True(release.GetProperty("rehearsal").GetProperty("stopped").GetBoolean());
        Assert.InRange(
            release.GetProperty("rehearsal").GetProperty("stoppedMilliseconds").GetInt64(),
            1,
            long.MaxValue
        );
        var digest = told.RootElement.GetProperty("version").GetProperty("artifact").GetProperty("digest").GetString();
        var instances = told.RootElement.GetProperty("instances").EnumerateArray().ToList();
        Assert.Equal(2, instances.Count);
        Assert.All(instances, i => Assert.Equal(digest, i.GetProperty("digest").GetString()));
    }

    private async Task<string> AddAsync(string name, string role)
    {
        var file = Path.Combine(machine.Folder, $"{name}.token");
        var said = await machine.MintAsync(
            machine.Folder,
            ["person", "add", name, "--role", role, "--token-file", file, Why]
        );
        Assert.True(said.Exit == 0, $"{said}");
        return file;
    }

    private Task<Said> SayAsync(string tokenFile, params string[] arguments) =>
        machine.MintAsync(machine.Folder, [.. arguments, "--token-file", tokenFile]);

    private async Task<string> ShippedAsync(Quotes service, string tokenFile, params string[] more)
    {
        var asked = await machine.MintAsync(
            service.Folder,
            ["ship", "--detach", "--json", "--token-file", tokenFile, .. more]
        );
        Assert.True(asked.Exit == 0, $"{asked}");
        return JsonDocument.Parse(asked.Out).RootElement.GetProperty("release").GetString()!;
    }

    private async Task WaitsAsync(string release)
    {
        using var api = machine.Plane.Connect();
        await Eventually.HoldsAsync(
            async () =>
            {
                var answer = await api.GetAsync<JsonElement>($"/api/releases/{release}", CancellationToken.None);
                return answer.GetProperty("release").TryGetProperty("awaited", out _);
            },
            () => $"{release} waits for people"
        );
    }

    /// <summary>Until it has ended, with callers on the service as its steps want some.</summary>
    private async Task<Said> FollowedAsync(Quotes service, string release)
    {
        await using var callers = machine.CallersOf(service.Name);
        return await machine.MintAsync(service.Folder, "show", release, "--watch");
    }
}
