using System.Net;
using Mintmark.Gateway;
using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Server;
using Mintmark.Tests.Gateway;
using Mintmark.Tests.Journal;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Server;

/// <summary>
/// The log was restored from a backup while the gateway ran on: what it goes by is not what the log says.
/// </summary>
public sealed class WhenAGatewayHasALaterTable : IDisposable
{
    static readonly IPEndPoint First = new(IPAddress.Loopback, 7480);

    readonly JournalFolder folder = new();
    readonly ReleaseJournal journal;
    readonly Home home = new(Directory.CreateTempSubdirectory("mintmark-later-").FullName);
    readonly Troubles troubles = new();

    public WhenAGatewayHasALaterTable()
    {
        journal = folder.Open();
        home.Take().Dispose();
    }

    [Fact]
    public async Task AHaltIsNotConfirmedBeforeTheGatewayIsReplaced()
    {
        var old = await StartAsync(replaces: null);
        await old.PutAsync(new RouteTable(1_000, null, []));
        using var gateways = new Gateways(
            new ControlPlaneOptions(home, new Addresses(First, First)),
            journal,
            troubles,
            TimeProvider.System
        );
        await gateways.StartAsync(CancellationToken.None);

        Assert.IsType<Decision.Accepted>(await journal.SayAsync(new Command.Halt(null, "it is another log")));
        await Eventually.HoldsAsync(() => troubles.Present.ContainsKey("gateway: table"), "it says so");

        Assert.Contains("entry 1000", troubles.Present["gateway: table"], StringComparison.Ordinal);
        Assert.True(gateways.InForce < journal.State.Size);
        Assert.NotEmpty(gateways.Away(waitedFor: journal.State.Size));

        var next = await StartAsync(replaces: old);
        await old.EndAsync();
        Assert.True(await gateways.InForceAsync(journal.State.Size, TimeSpan.FromSeconds(60), CancellationToken.None));
        await Eventually.HoldsAsync(() => troubles.Present.Count == 0, "all is well");
        Assert.Equal(journal.State.Size, (await next.ReportAsync()).Revision);

        await gateways.StopAsync(CancellationToken.None);
        await old.StopAsync();
        await next.StopAsync();
    }

    /// <summary>Of this very build, so that nobody replaces it by a process.</summary>
    async Task<Rig> StartAsync(Rig? replaces)
    {
        GatewayOptions Built(GatewayOptions options) =>
            options with
            {
                Build = BuildId.Of(AppContext.BaseDirectory),
                AccessLog = null,
            };
        return replaces is null ? await Rig.StartAsync(home.Root, Built) : await replaces.ReplaceAsync(Built);
    }

    public void Dispose()
    {
        journal.Dispose();
        folder.Dispose();
        Directory.Delete(home.Root, recursive: true);
    }
}
