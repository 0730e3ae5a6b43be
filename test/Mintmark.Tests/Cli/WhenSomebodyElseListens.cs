using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mintmark.Cli;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

/// <summary>While the control plane is away any user of the machine may listen at its address.</summary>
public sealed class WhenSomebodyElseListens
{
    const string Row =
        " 0: LOCAL 00000000:0000 STATE 00000000:00000000 00:00000000 00000000 UID 0 1234 1 0 100 0 0 10 0";

    static readonly IPEndPoint Api = IPEndPoint.Parse("127.0.0.1:7400");

    [Fact]
    public void TheOneAtTheVeryAddressCounts()
    {
        Assert.Equal(
            [1000u],
            Owners(("0100007F:1CE8", "0A", 1000), ("00000000000000000000000000000000:1CE8", "0A", 7))
        );
        Assert.Equal([7u], Owners(("0200007F:1CE8", "0A", 1000), ("00000000000000000000000000000000:1CE8", "0A", 7)));
        Assert.Equal([7u], Owners(("00000000:1CE8", "0A", 7), ("0100007F:1CE9", "0A", 8), ("0100007F:1CE8", "01", 9)));
        Assert.Equal([7u], Owners(("0000000000000000FFFF00000100007F:1CE8", "0A", 7)));
        Assert.Empty(Owners(("00000000000000000000000001000000:1CE8", "0A", 7)));
    }

    [Fact]
    public void WeAreNoStrangersToOurselves()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Assert.Null(Listeners.StrangerAt((IPEndPoint)listener.LocalEndpoint, "/nonexistent"));
    }

    [Fact]
    public async Task AStrangerGetsNoToken()
    {
        // Only root can listen as somebody else.
        if (!Environment.IsPrivilegedProcess)
            return;
        using var mint = new Mint();
        await using (await CannedApi.StartAsync(mint, _ => { })) { }
        var at = new Home(mint.HomeFolder).Published()!.Api;
        // Says so when it listens, then what it is sent.
        var script =
            $"$( = $) = 65534; $< = $> = 65534; $| = 1; my $s = IO::Socket::INET->new(LocalAddr => '{at}', "
            + "Listen => 1, ReuseAddr => 1) or die $@; print qq(ready\\n); my $c = $s->accept; print scalar <$c>;";
        using var stranger = Process.Start(
            new ProcessStartInfo("perl", ["-MIO::Socket::INET", "-e", script]) { RedirectStandardOutput = true }
        )!;
        Assert.Equal("ready", await stranger.StandardOutput.ReadLineAsync());

        var said = await mint.RunAsync("status");

        stranger.Kill();
        Assert.Equal((3, ""), (said.Exit, said.Out));
        Assert.StartsWith("mint: user 65534 listens at 127.0.0.1:PORT", said.Error, StringComparison.Ordinal);
        Assert.Equal("", await stranger.StandardOutput.ReadToEndAsync());
    }

    static IReadOnlyList<uint> Owners(params (string Local, string State, uint Uid)[] listeners) =>
        Listeners.OwnersOf(
            Api,
            listeners.Select(one =>
                Row.Replace("LOCAL", one.Local, StringComparison.Ordinal)
                    .Replace("STATE", one.State, StringComparison.Ordinal)
                    .Replace("UID", $"{one.Uid}", StringComparison.Ordinal)
            )
        );
}
