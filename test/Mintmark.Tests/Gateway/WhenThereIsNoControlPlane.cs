using System.Net;
using Mintmark.Gateway;
using Mintmark.Gateway.Succession;
using Mintmark.Tests.Watch;
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

    /// <summary>That on disk may be from before a halt which another gateway has confirmed.</summary>
    [Fact]
    public async Task WhereOneStartsItClientsWaitOutsideForItsTable()
    {
        await using var bank = await Instance.SayingAsync("ok");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(bank));
        await first.StopAsync();
        await using var again = await Rig.StartAsync(first.Home, o => o with { AwaitTable = TimeSpan.FromMinutes(1) });

        var asked = again.AskAsync();
        await again.PutAsync(Rig.Alone(bank) with { Halted = "fire" });

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await asked).Status);
    }

    /// <summary>Who did would let clients in by the table on disk.</summary>
    [Fact]
    public async Task NobodyTakesOverFromOneThatWaitsForItsTable()
    {
        await using var bank = await Instance.SayingAsync("ok");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(bank));
        await first.StopAsync();
        await using var again = await Rig.StartAsync(first.Home, o => o with { AwaitTable = TimeSpan.FromMinutes(1) });

        var taking = Task.Run(() => Predecessor.Ask(Path.Combine(again.Home, "gateway", "handover.sock")));
        for (var i = 0; i < 20; i++)
            await again.TableAsync();
        Assert.False(taking.IsCompleted);

        await again.PutAsync(new Mintmark.Route.RouteTable(7, null, [Rig.Alone(bank) with { Halted = "fire" }]));
        using var taken = await taking;
        using var held = taken.Lock;
        Assert.All(taken.Sockets, socket => socket.Dispose());
        Assert.Equal(7, taken.Revision);
    }

    [Fact]
    public async Task WhereItSendsNoneThatOnDiskIsInForce()
    {
        await using var bank = await Instance.SayingAsync("ok");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(bank));
        await first.StopAsync();
        await using var again = await Rig.StartAsync(
            first.Home,
            o => o with { AwaitTable = TimeSpan.FromMilliseconds(50) }
        );

        Assert.Equal("ok", (await again.AskAsync()).Body);
    }

    [Fact]
    public async Task AHaltAndADrainHoldAlsoWhereTheDiskTakesNoTableAndLetsNoneGo()
    {
        await using var bank = await Instance.SayingAsync("ok");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(bank));
        var table = Path.Combine(rig.Home, "gateway", "table");
        File.Delete(table);
        Directory.CreateDirectory(table);

        await rig.PutAsync(Rig.Alone(bank) with { Halted = "fire" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await rig.AskAsync()).Status);
        (await rig.DrainAsync()).Dispose();

        await rig.UntilDrainedAsync().WaitAsync(TimeSpan.FromSeconds(60));
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

    [Fact]
    public void ItSaysOnceThatNothingIsHeardAndOnceThatItIsBack()
    {
        var clock = new HandClock();
        var said = new List<string>();
        var contact = new Contact(
            () => new InForce(41, new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero), FromDisk: false),
            said.Add,
            clock
        );

        contact.Hear();
        Pass(29);
        Assert.Empty(said);
        Pass(1);
        Pass(600);
        Assert.Equal(TimeSpan.FromSeconds(630), contact.Silence);
        contact.Hear();
        Pass(1);

        Assert.Equal(
            [
                "nothing was heard of the control plane for 30 s: serving on by the routes of entry 41, in force since "
                    + "2026-03-02 08:00:00 UTC",
                "the control plane is back",
            ],
            said
        );
        Assert.Equal(clock.Now.AddSeconds(-1), contact.Heard);

        void Pass(int seconds)
        {
            clock.Now = clock.Now.AddSeconds(seconds);
            contact.Look();
        }
    }

    [Fact]
    public async Task ItTellsWhoAsksHowOldItsRoutesAre()
    {
        await using var old = await Instance.SayingAsync("old");
        var first = await Rig.StartAsync();
        var asked = DateTimeOffset.UtcNow.AddSeconds(-1);
        await first.PutAsync(Rig.Alone(old));
        var taken = DateTimeOffset.UtcNow.AddSeconds(1);
        var before = (await first.ConditionAsync()).Table;
        await first.StopAsync();

        await using var again = await Rig.StartAsync(first.Home);
        var after = (await again.ConditionAsync()).Table;

        Assert.Equal((1, false), (before.Revision, before.FromDisk));
        Assert.InRange(before.Heard!.Value, asked, taken);
        Assert.InRange(before.Since!.Value, asked, taken);
        Assert.Equal((1, true, null), (after.Revision, after.FromDisk, after.Heard));
        Assert.InRange(after.Since!.Value, asked, taken);
    }
}
