using System.Net;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenThereIsNoControlPlane
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task AGatewayStartsWithTheTableOfBeforeAndSaysHowOldItIs()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        var before = DateTimeOffset.UtcNow.AddSeconds(-2);
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(old));
        await first.PutAsync(Rig.Bank(old, fresh, share: 10_000));
        await first.StopAsync();

        await using var again = await Rig.StartAsync(first.Home);

        Assert.Equal((HttpStatusCode.OK, "new", "bank-2"), await again.AskAsync());
        var (revision, since, fromDisk) = await again.TableAsync();
        Assert.Equal((2, true), (revision, fromDisk));
        Assert.InRange(since!.Value, before, DateTimeOffset.UtcNow.AddSeconds(1));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(Path.Combine(again.Home, "gateway", "table")));
    }

    [Fact]
    public async Task AHaltHoldsOverTheGatewaysRestart()
    {
        await using var old = await Instance.SayingAsync("old");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(old));
        await first.PutAsync(Rig.Alone(old) with { Halted = "ledger does not balance" });
        await first.StopAsync();

        await using var again = await Rig.StartAsync(first.Home);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await again.AskAsync()).Status);
    }

    [Fact]
    public async Task TheFirstTableThatComesReplacesTheKeptOneWhateverItsRevision()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(old));
        await first.PutAsync(Rig.Alone(old));
        await first.StopAsync();

        await using var again = await Rig.StartAsync(first.Home);
        await again.PutAsync(Rig.Alone(fresh));

        Assert.Equal("new", (await again.AskAsync()).Body);
        Assert.Equal((1, false), (await again.TableAsync() is var (r, _, d) ? (r, d) : default));
    }

    [Fact]
    public async Task AfterADrainNothingIsKept()
    {
        await using var old = await Instance.SayingAsync("old");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(old));
        (await first.DrainAsync()).Dispose();
        await first.UntilDrainedAsync();
        await first.StopAsync();

        await using var again = await Rig.StartAsync(first.Home);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await again.AskAsync()).Status);
        Assert.Equal((0, null, false), await again.TableAsync());
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(10, "")]
    [InlineData(37, "")]
    [InlineData(37, "{}")]
    [InlineData(37, "null")]
    [InlineData(37, "{\"revision\":1,\"services\":[{\"service\":\"Bank!\"}]}")]
    [InlineData(60, "")]
    public async Task AKeptTableThatIsNotWholeIsNotUsed(int kept, string rest)
    {
        await using var old = await Instance.SayingAsync("old");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(old));
        await first.StopAsync();
        var file = Path.Combine(first.Home, "gateway", "table");
        await File.WriteAllTextAsync(file, (await File.ReadAllTextAsync(file))[..kept] + rest);

        await using var again = await Rig.StartAsync(first.Home);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await again.AskAsync()).Status);
    }

    [Fact]
    public async Task ATableOfBeforeTheMachinesLastStartIsNotUsed()
    {
        await using var old = await Instance.SayingAsync("old");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(old));
        await first.StopAsync();
        var file = Path.Combine(first.Home, "gateway", "table");
        var text = await File.ReadAllTextAsync(file);
        await File.WriteAllTextAsync(file, (text[0] == '0' ? '1' : '0') + text[1..]);

        await using var again = await Rig.StartAsync(first.Home);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await again.AskAsync()).Status);
    }
}
