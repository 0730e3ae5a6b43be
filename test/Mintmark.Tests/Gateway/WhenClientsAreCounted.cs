using Mintmark.Gateway;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenClientsAreCounted
{
    [Fact]
    public async Task EachCountsOnceForEachVersionThatAnsweredIt()
    {
        await using var old = await Instance.SayingAsync("1");
        await using var fresh = await Instance.SayingAsync("2");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh));

        var answered = new List<string>();
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 20; i++)
                answered.Add((await rig.AskAsync($"client {i}")).Body);
        }
        var clients = await rig.ClientsAsync();

        var onOld = answered.Take(20).Count(body => body == "1");
        Assert.Equal([("bank-1", onOld), ("bank-2", 20L - onOld)], clients.Select(c => ($"{c.Mark}", c.Clients)));
        Assert.All(clients, c => Assert.Equal((c.Clients, false), (c.Lately, c.IsLowerBound)));
        Assert.All(clients, c => Assert.InRange(c.LastUse!.Value, c.Since, DateTimeOffset.UtcNow));
    }

    [Fact]
    public async Task ACookieIsAnIdentityFromItsSecondRequestOn()
    {
        await using var old = await Instance.SayingAsync("1");
        await using var fresh = await Instance.SayingAsync("2");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh));

        using var first = await rig.Client.GetAsync("");
        Assert.Equal(0, (await rig.ClientsAsync()).Sum(c => c.Clients));
        var cookie = first.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        for (var i = 0; i < 2; i++)
        {
            using var again = new HttpRequestMessage(HttpMethod.Get, "") { Headers = { { "Cookie", cookie } } };
            (await rig.Client.SendAsync(again)).Dispose();
        }

        Assert.Equal(1, (await rig.ClientsAsync()).Sum(c => c.Clients));
    }

    [Fact]
    public async Task ACookieThatSomebodyMadeUpIsNone()
    {
        await using var bank = await Instance.SayingAsync("1");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(bank));

        var cookie = $"mint-client={new string('a', 64)}";
        using var request = new HttpRequestMessage(HttpMethod.Get, "") { Headers = { { "Cookie", cookie } } };
        (await rig.Client.SendAsync(request)).Dispose();
        var used = Assert.Single(await rig.ClientsAsync());

        Assert.Equal(0, used.Clients);
        Assert.NotNull(used.LastUse);
    }

    [Fact]
    public async Task AVersionThatNobodyAskedHasNoLastUseAndTheCountOutlivesATable()
    {
        await using var bank = await Instance.SayingAsync("1");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(bank));
        Assert.Null(Assert.Single(await rig.ClientsAsync()).LastUse);

        await rig.AskAsync("alice");
        await rig.PutAsync(Rig.Alone(bank));

        Assert.Equal(1, Assert.Single(await rig.ClientsAsync()).Clients);
    }

    [Fact]
    public void ItIsExactUpToItsBoundAndSaysSoBeyond()
    {
        var table = new ClientTable();
        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < ClientTable.Most; i++)
                table.Saw(Digest(i), now: 1);
        }
        Assert.Equal((ClientTable.Most, false), table.Count);

        table.Saw(Digest(ClientTable.Most), now: 1);

        Assert.Equal((ClientTable.Most, true), table.Count);
    }

    [Fact]
    public void ManyAtOnceAreCountedOnce()
    {
        var table = new ClientTable();
        Parallel.For(
            0,
            4,
            _ =>
            {
                for (var i = 0; i < 20_000; i++)
                    table.Saw(Digest(i % 5_000), now: 1);
            }
        );

        Assert.Equal((5_000, false), table.Count);
    }

    [Fact]
    public void WhoHasNotCalledForLongDoesNotCallLately()
    {
        var table = new ClientTable();
        table.Saw(0, now: 1);
        table.Saw(2, now: 1);
        table.Saw(2, now: 1 + ClientTable.LatelySeconds);

        Assert.Equal(2, table.Lately(1 + ClientTable.LatelySeconds));
        Assert.Equal(1, table.Lately(2 + ClientTable.LatelySeconds));
    }

    [Fact]
    public void AKnownClientAllocatesNothing()
    {
        var clients = new VersionClients(Mark.Parse("bank-1"), TimeProvider.System);
        clients.Saw(7);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1_000; i++)
            clients.Saw(7);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>As evenly spread as a keyed hash: an odd factor permutes the numbers.</summary>
    static ulong Digest(int client) => (ulong)(client + 1) * 0x9E37_79B9_7F4A_7C15;
}
