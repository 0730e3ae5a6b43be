using System.Net;
using Mintmark.Gateway;
using Mintmark.Server;
using Mintmark.Tests.Gateway;
using Xunit;

namespace Mintmark.Tests.Server;

/// <summary>It runs already, and what is said of it now does not change it.</summary>
public sealed class WhenAGatewayHasOtherDoors : IDisposable
{
    static readonly IPEndPoint Address = new(IPAddress.Loopback, 7480);

    readonly Home home = new(Directory.CreateTempSubdirectory("mintmark-doors-").FullName);

    public WhenAGatewayHasOtherDoors() => home.Take().Dispose();

    public void Dispose()
    {
        if (Directory.Exists(home.Root))
            Directory.Delete(home.Root, recursive: true);
    }

    [Theory]
    [InlineData(ClientHeader.Loopback, "loopback", true)]
    [InlineData(ClientHeader.Anybody, "anybody", true)]
    [InlineData(ClientHeader.Anybody, null, true)]
    [InlineData(ClientHeader.Anybody, "loopback", false)]
    [InlineData(ClientHeader.Loopback, "nobody", false)]
    public async Task AStartThatSaysOtherwiseIsRefused(ClientHeader runs, string? said, bool isTaken)
    {
        await using var rig = await Rig.StartAsync(home.Root, o => o with { ClientHeader = runs });
        var options = new ControlPlaneOptions(home, new Addresses(Address, Address));
        var place = GatewayPlace.Of(options)[0] with { Doors = new(null, null, null, null, ClientHeader: said) };
        using var client = new GatewayClient(place.Socket);
        var keeper = new GatewayKeeper(home, place, otlp: null, client, TimeProvider.System);

        var failure = await Record.ExceptionAsync(() => keeper.EnsureAsync(renew: false, CancellationToken.None));

        if (isTaken)
            Assert.Null(failure);
        else
            Assert.Contains("runs already, with", Assert.IsType<GatewayException>(failure).Message, default);
    }
}
