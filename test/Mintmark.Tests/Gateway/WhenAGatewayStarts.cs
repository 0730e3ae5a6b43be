using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Mintmark.Gateway;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAGatewayStarts
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task ItsFolderIsItsOwnersAlone()
    {
        await using var rig = await Rig.StartAsync();
        var folder = Path.Combine(rig.Home, "gateway");

        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(folder, "control.sock")));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(folder, "pid")));
    }

    [Fact]
    public async Task ItMakesASecretOnceAndKeepsIt()
    {
        var home = Directory.CreateTempSubdirectory("mintmark-gateway-").FullName;
        var file = Path.Combine(home, "gateway", "secret");

        await (await Rig.StartAsync(home)).StopAsync();
        var secret = await File.ReadAllBytesAsync(file);
        await using var again = await Rig.StartAsync(home);

        Assert.Equal(32, secret.Length);
        Assert.NotEqual(new byte[32], secret);
        Assert.Equal(secret, await File.ReadAllBytesAsync(file));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task ItsPidFileNamesThisProcessAndNoOther()
    {
        await using var rig = await Rig.StartAsync();

        var fields = (await File.ReadAllTextAsync(Path.Combine(rig.Home, "gateway", "pid"))).TrimEnd('\n').Split(' ');

        Assert.Equal(Environment.ProcessId, int.Parse(fields[0], provider: null));
        var booted = DateTime.UtcNow - TimeSpan.FromMilliseconds(Environment.TickCount64);
        var started = booted + TimeSpan.FromSeconds(long.Parse(fields[1], provider: null) / 100.0);
        using var process = Process.GetCurrentProcess();
        Assert.InRange(
            started - process.StartTime.ToUniversalTime(),
            TimeSpan.FromSeconds(-2),
            TimeSpan.FromSeconds(2)
        );
    }

    [Fact]
    public async Task WithoutRoomForItsPidItServes()
    {
        var home = Directory.CreateTempSubdirectory("mintmark-gateway-").FullName;
        // As on a full disk: the file cannot be written.
        Directory.CreateDirectory(Path.Combine(home, "gateway", "pid.new", "full"));
        await using var bank = await Instance.SayingAsync("1");
        await using var rig = await Rig.StartAsync(home);
        await rig.PutAsync(Rig.Alone(bank));

        Assert.Equal("1", (await rig.AskAsync()).Body);
    }

    [Fact]
    public async Task ASecondOneOnTheSameHomeRefuses()
    {
        await using var rig = await Rig.StartAsync();

        var refused = await Assert.ThrowsAsync<CannotStartException>(() => Rig.StartAsync(rig.Home));

        Assert.Contains("another gateway runs on", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await rig.ReportAsync()).Revision);
    }

    [Fact]
    public async Task ASocketThatADeadOneLeftIsReplaced()
    {
        var home = Directory.CreateTempSubdirectory("mintmark-gateway-").FullName;
        var file = Path.Combine(home, "gateway", "control.sock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, "");

        await using var rig = await Rig.StartAsync(home);

        Assert.Equal(0, (await rig.ReportAsync()).Revision);
    }

    [Fact]
    public async Task ASocketThatSomethingAnswersOnIsLeftAlone()
    {
        var home = Directory.CreateTempSubdirectory("mintmark-gateway-").FullName;
        var file = Path.Combine(home, "gateway", "control.sock");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var other = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        other.Bind(new UnixDomainSocketEndPoint(file));
        other.Listen();

        await Assert.ThrowsAsync<CannotStartException>(() => Rig.StartAsync(home));

        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task APortThatIsTakenEndsItWithStatus3()
    {
        await using var rig = await Rig.StartAsync();
        var other = Directory.CreateTempSubdirectory("mintmark-gateway-").FullName;
        var options = new GatewayOptions(other, rig.Address);

        Assert.Equal(3, await GatewayHost.RunAsync(options, CancellationToken.None));
    }

    [Fact]
    public async Task OneThatIsToldToEndBeforeItStandsEndsQuietly()
    {
        var home = Directory.CreateTempSubdirectory("mintmark-gateway-").FullName;
        var options = new GatewayOptions(home, new IPEndPoint(IPAddress.Loopback, 0));

        Assert.Equal(0, await GatewayHost.RunAsync(options, new CancellationToken(canceled: true)));

        await (await Rig.StartAsync(home)).StopAsync();
    }

    [Theory]
    [InlineData("127.0.0.1:7480")]
    [InlineData("127.1.2.3:80")]
    [InlineData("[::1]:7480")]
    [InlineData("localhost:7480")]
    public void LoopbackAddressesAreTaken(string text) =>
        Assert.True(IPAddress.IsLoopback(GatewayOptions.ParseListen(text).Address));

    [Theory]
    [InlineData("0.0.0.0:7480", "loopback")]
    [InlineData("192.168.1.4:7480", "loopback")]
    [InlineData("[::]:7480", "loopback")]
    [InlineData("127.0.0.1", "no address to listen on")]
    [InlineData("127.0.0.1:99999", "no address to listen on")]
    [InlineData("example.com:80", "no address to listen on")]
    [InlineData(":80", "no address to listen on")]
    public void AnythingElseIsRefusedWithTheReason(string text, string reason)
    {
        var refused = Assert.Throws<FormatException>(() => GatewayOptions.ParseListen(text));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--home is missing")]
    [InlineData("unknown option", "--port", "80")]
    [InlineData("wants a value", "--home")]
    public void ACommandLineThatIsNotUnderstoodIsRefused(string reason, params string[] arguments)
    {
        var refused = Assert.Throws<FormatException>(() => GatewayOptions.Parse(arguments));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }
}
