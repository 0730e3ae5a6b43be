using System.Net;
using Microsoft.AspNetCore.Http;
using Mintmark.Journal;
using Mintmark.Server;
using Mintmark.Tests.Gateway;
using Mintmark.Tests.Journal;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Server;

/// <summary>A control plane of a new build starts and finds it: another process is to take its place.</summary>
public sealed class WhenAGatewayIsOfAnotherBuild : IAsyncLifetime
{
    readonly JournalFolder folder = new();
    readonly ReleaseJournal journal;
    readonly Home home = new(Directory.CreateTempSubdirectory("mintmark-build-").FullName);
    readonly Troubles troubles = new();
    readonly SemaphoreSlim begun = new(0);
    readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    Instance bank = null!;
    Rig old = null!;
    Gateways gateways = null!;

    public WhenAGatewayIsOfAnotherBuild()
    {
        journal = folder.Open();
        home.Take().Dispose();
    }

    public async ValueTask InitializeAsync()
    {
        bank = await Instance.StartAsync(async context =>
        {
            begun.Release();
            await release.Task;
            await context.Response.WriteAsync("done");
        });
        old = await Rig.StartAsync(home.Root, o => o with { Build = "another" });
        await old.PutAsync(Rig.Alone(bank));
        var addresses = new Addresses(new IPEndPoint(IPAddress.Loopback, 7400), old.Address);
        gateways = new Gateways(new ControlPlaneOptions(home, addresses), journal, troubles, TimeProvider.System);
    }

    [Fact]
    public async Task OneThatCannotBeReplacedGoesOnAndIsControlled()
    {
        // Who takes its place would not know by what to go.
        File.Delete(Path.Combine(home.Gateway, "table"));

        await gateways.EnsureAsync(CancellationToken.None);

        var (part, said) = Assert.Single(troubles.Present);
        Assert.Equal("gateway: build", part);
        Assert.Contains("mint gateway replace", said, StringComparison.Ordinal);
        release.SetResult();
        Assert.Equal("done", (await old.AskAsync()).Body);
    }

    [Fact]
    public async Task TheOneThatLeavesIsControlledToItsEnd()
    {
        var held = old.AskAsync();
        await begun.WaitAsync();

        await gateways.EnsureAsync(CancellationToken.None);
        await gateways.StartAsync(CancellationToken.None);

        await Eventually.HoldsAsync(
            () => gateways.Status.Any(s => s is { Leaving: true, Connected: true }),
            "it is met"
        );
        Assert.Equal(2, gateways.Status.Count);
        release.SetResult();
        Assert.Equal("done", (await held).Body);
        await old.EndAsync();
        await Eventually.HoldsAsync(() => gateways.Status.Count == 1, "it is gone");
        await gateways.DrainAsync(CancellationToken.None);
        await Eventually.HoldsAsync(() => gateways.HaveEnded, "the other one too");
    }

    public async ValueTask DisposeAsync()
    {
        release.TrySetResult();
        await gateways.StopAsync(CancellationToken.None);
        gateways.Dispose();
        await bank.DisposeAsync();
        begun.Dispose();
        journal.Dispose();
        folder.Dispose();
        // With the home, which is both's.
        await old.DisposeAsync();
    }
}
