using System.Net;
using Mintmark.Releases;
using Mintmark.Server;
using Mintmark.Tests.Journal;
using Xunit;

namespace Mintmark.Tests.Server;

public sealed class WhenAShipDiedBeforeTheLog : IDisposable
{
    private readonly JournalFolder folder = new();

    [Fact]
    public async Task TheNextStartKeepsOfItsAuthorNothing()
    {
        using var journal = folder.Open();
        var home = new Home(folder.Log.In("home"));
        var options = new ControlPlaneOptions(home, new(new(IPAddress.Loopback, 1), new(IPAddress.Loopback, 2)));
        using var gateways = new Gateways(options, journal, new Troubles(), TimeProvider.System);
        var authors = new Authors(options, journal, new Commands(journal, gateways));
        var ship = (Command.Ship)JournalFolder.ShipOf("bank");
        var shipped = authors.Keep(ship.Source with { Author = "Ada <ada@example.org>" });
        await journal.SayAsync(ship with { Source = shipped });
        authors.Keep(ship.Source with { Author = "Eve <eve@example.org>" });
        Assert.Equal(2, Directory.GetFiles(home.Authors).Length);

        authors.SweepAll();

        Assert.Equal(shipped.Author, $"sha256:{Path.GetFileName(Assert.Single(Directory.GetFiles(home.Authors)))}");
        var version = Assert.Single(journal.State.Versions.Values);
        Assert.Equal("Ada <ada@example.org>", authors.Reveal(version).Source.Author);
    }

    public void Dispose() => folder.Dispose();
}
