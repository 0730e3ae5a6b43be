using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Mintmark.Journal;
using Mintmark.Server;
using Mintmark.Tests.Gateway;
using Mintmark.Tests.Journal;
using Xunit;

namespace Mintmark.Tests.Server;

/// <summary>Its socket is there and it says nothing: that holds up nobody while another one answers.</summary>
public sealed class WhenAGatewayHangs : IDisposable
{
    const string Port = "7481";
    static readonly string ThisBuild = BuildId.Of(AppContext.BaseDirectory);

    static readonly IPEndPoint First = new(IPAddress.Loopback, 7480);
    static readonly IPEndPoint Second = new(IPAddress.Loopback, int.Parse(Port, CultureInfo.InvariantCulture));

    readonly JournalFolder folder = new();
    readonly ReleaseJournal journal;
    readonly Home home = new(Directory.CreateTempSubdirectory("mintmark-silent-").FullName);
    readonly Troubles troubles = new();

    public WhenAGatewayHangs()
    {
        journal = folder.Open();
        home.Take().Dispose();
    }

    [Fact]
    public async Task AStartGoesOnWithTheOtherAndSaysSo()
    {
        using var hung = new SilentSocket(home.Gateway);
        var other = await OtherAsync();
        using var gateways = Both();

        await gateways.EnsureAsync(CancellationToken.None);

        var (part, said) = Assert.Single(troubles.Present);
        Assert.Equal("gateway", part);
        Assert.Contains($"does not answer on {hung.Path}", said, StringComparison.Ordinal);
        await other.StopAsync();
    }

    [Fact]
    public async Task AStartThatMeetsNoOtherFailsAndSaysWhy()
    {
        using var hung = new SilentSocket(home.Gateway);
        using var gateways = new Gateways(
            new ControlPlaneOptions(home, new Addresses(First, First)),
            journal,
            troubles,
            TimeProvider.System
        );

        var failure = await Assert.ThrowsAsync<GatewaySilentException>(() =>
            gateways.EnsureAsync(CancellationToken.None)
        );

        Assert.Contains(hung.Path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OneThatIsNotNamedAnyMoreIsReported()
    {
        var first = await Rig.StartAsync(home.Root, o => o with { Build = ThisBuild });
        using var hung = new SilentSocket(Path.Combine(home.Gateways, "7482"));
        using var gateways = new Gateways(
            new ControlPlaneOptions(home, new Addresses(First, First)),
            journal,
            troubles,
            TimeProvider.System
        );

        await gateways.EnsureAsync(CancellationToken.None);

        Assert.Equal("gateway 7482", Assert.Single(troubles.Present).Key);
        await first.StopAsync();
    }

    [Fact]
    public async Task TheOtherIsToldToEnd()
    {
        using var hung = new SilentSocket(home.Gateway);
        var other = await OtherAsync();
        using var gateways = Both();

        await gateways.DrainAsync(CancellationToken.None);

        await other.UntilDrainedAsync();
        Assert.False(gateways.HaveEnded);
        await other.StopAsync();
    }

    [Fact]
    public async Task WithoutAControlPlaneTheOtherStillSaysHowItIs()
    {
        using var hung = new SilentSocket(home.Gateway);
        var other = await OtherAsync();

        var (name, _) = Assert.Single(await LoneGateways.AskAsync(home, CancellationToken.None));

        Assert.Equal(Port, name);
        Assert.Equal(["gateway", Port], LoneGateways.Running(home));
        await other.StopAsync();
    }

    [Fact]
    public void AFullQueueIsNotWaitedFor()
    {
        using var hung = new SilentSocket(home.Gateway, queue: 1);
        var waiting = new List<Socket>();
        SocketError last;
        do
        {
            var next = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            waiting.Add(next);
            last = Connect(next, hung.Path);
        } while (last == SocketError.Success);
        Assert.Equal(SocketError.WouldBlock, last);

        Assert.True(GatewayClient.Listens(hung.Path));
        waiting.ForEach(socket => socket.Dispose());
    }

    static SocketError Connect(Socket socket, string path)
    {
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return SocketError.Success;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
    }

    /// <summary>Of this very build, so that nobody replaces it by a process.</summary>
    Task<Rig> OtherAsync() =>
        Rig.StartAsync(home.Root, o => o with { Name = Port, AccessLog = null, Build = ThisBuild });

    Gateways Both()
    {
        var addresses = new Addresses(new(IPAddress.Loopback, 7400), First) { More = [Second] };
        return new Gateways(new ControlPlaneOptions(home, addresses), journal, troubles, TimeProvider.System);
    }

    public void Dispose()
    {
        journal.Dispose();
        folder.Dispose();
        Directory.Delete(home.Root, recursive: true);
    }
}
