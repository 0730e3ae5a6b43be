using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway;
using Mintmark.Gateway.Guard;
using Mintmark.Gateway.Lines;
using Mintmark.Gateway.Wire;
using Mintmark.Tests.Watch;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenConnectionsAreMany
{
    const string Get = "GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n";

    [Fact]
    public async Task WhoHasAllThatOneMayHaveGetsNoMoreAndOthersNoticeNothing()
    {
        await using var bank = await Instance.SayingAsync("ok");
        await using var rig = await StartAsync(new ClientLimits(Each: 3));
        await rig.PutAsync(Rig.Alone(bank));
        var flood = await ManyAsync(rig, count: 3, "127.0.0.2");

        Assert.True(await IsTurnedAwayAsync(rig, "127.0.0.2"));
        using var other = await RawConnection.ToAsync(rig.Address, "127.0.0.3");
        Assert.Contains("200 OK", await AskAsync(other), StringComparison.Ordinal);
        Assert.Contains("200 OK", await AskAsync(flood[0]), StringComparison.Ordinal);

        var condition = await rig.ConditionAsync();
        Assert.Equal(4, condition.Connections.Open);
        Assert.Equal(1, condition.TurnedAway.Reasons["connections-of-one"]);
        var client = Assert.Single(condition.TurnedAway.Clients);
        Assert.Equal(("127.0.0.2", 1, "connections-of-one"), (client.From, client.Count, client.Why));
        flood.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task WhoEndsAConnectionMayMakeAnother()
    {
        await using var bank = await Instance.SayingAsync("ok");
        await using var rig = await StartAsync(new ClientLimits(Each: 1));
        await rig.PutAsync(Rig.Alone(bank));

        for (var i = 0; i < 5; i++)
        {
            using (var only = await RawConnection.ToAsync(rig.Address))
                Assert.Contains("200 OK", await AskAsync(only), StringComparison.Ordinal);
            await rig.ConditionAsync(c => c.Connections.Open == 0);
        }
    }

    [Fact]
    public async Task BeyondWhatThereMayBeInAllNobodyComesIn()
    {
        await using var bank = await Instance.SayingAsync("ok");
        await using var rig = await StartAsync(new ClientLimits(Connections: 2));
        await rig.PutAsync(Rig.Alone(bank));
        var present = await ManyAsync(rig, count: 2, "127.0.0.2");

        Assert.True(await IsTurnedAwayAsync(rig, "127.0.0.3"));

        Assert.Contains("200 OK", await AskAsync(present[1]), StringComparison.Ordinal);
        Assert.Equal(1, (await rig.ConditionAsync()).TurnedAway.Reasons["connections"]);
        present.ForEach(c => c.Dispose());
        await rig.EndAsync();
        var line = (await File.ReadAllLinesAsync(Path.Combine(rig.Home, "gateway", "access", "access.jsonl")))
            .Select(l => JsonDocument.Parse(l).RootElement)
            .Single(l => l.GetProperty("outcome").GetString() == "refused");
        Assert.Equal(
            ("127.0.0.3", "Too many connections"),
            (line.GetProperty("from").GetString(), line.GetProperty("why").GetString())
        );
        // It never said what it wanted.
        Assert.False(line.TryGetProperty("method", out _) || line.TryGetProperty("path", out _));
    }

    [Theory]
    [InlineData("203.0.113.7", "::ffff:203.0.113.7", true)]
    [InlineData("203.0.113.7", "203.0.113.8", false)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    public void OneIsAnAddressOfIPv4OrANetOfIPv6(string first, string second, bool isOne)
    {
        var crowd = new Crowd(new CrowdLimits(InAll: 10, Each: 1, EachLocal: 1, Requests: 1, RequestsLocal: 1));

        var party = crowd.TryEnter(IPAddress.Parse(first));
        Assert.NotNull(party);
        Assert.Equal(isOne, crowd.TryEnter(IPAddress.Parse(second)) is null);

        crowd.Leave(party);
        Assert.NotNull(crowd.TryEnter(IPAddress.Parse(first)));
    }

    [Fact]
    public void OthersHoweverManyLeaveRoomForThisMachinesOwn()
    {
        var crowd = new Crowd(new CrowdLimits(InAll: 40, Each: 1, EachLocal: 5, Requests: 1, RequestsLocal: 1));
        string[] loopback = ["127.0.0.1", "127.0.0.1", "::1"];

        var let = Enumerable
            .Range(0, 50)
            .Count(n => crowd.TryEnter(IPAddress.Parse($"2001:db8:0:{n:x}::1")) is not null);

        Assert.Equal(38, let);
        Assert.Equal([true, true, false], loopback.Select(own => crowd.TryEnter(IPAddress.Parse(own)) is not null));
    }

    [Theory]
    [InlineData("127.0.0.1", 600)]
    [InlineData("::1", 600)]
    [InlineData("203.0.113.7", 512)]
    public void WhereNothingIsSaidOneBeyondThisMachineHas512(string from, int may)
    {
        var crowd = new Crowd(new ClientLimits().Crowd);

        Assert.Equal(may, Enumerable.Range(0, 600).Count(_ => crowd.TryEnter(IPAddress.Parse(from)) is not null));
    }

    [Theory]
    [InlineData("127.0.0.1", 1_100)]
    [InlineData("203.0.113.7", 1_000)]
    public void WhereNothingIsSaidOneBeyondThisMachineHasAThousandRequestsUnderWay(string from, int may)
    {
        var party = new Crowd(new ClientLimits().Crowd).TryEnter(IPAddress.Parse(from))!;

        Assert.Equal(may, Enumerable.Range(0, 1_100).Count(_ => party.TryEnter()));
    }

    [Fact]
    public async Task WhoHasAsManyRequestsUnderWayAsOneMayHaveGetsNoMoreUntilOneIsAnswered()
    {
        var (came, going) = (new SemaphoreSlim(0), new SemaphoreSlim(0));
        await using var bank = await Instance.StartAsync(async context =>
        {
            // In the order in which they came.
            var gone = context.Request.Path == "/late" ? going.WaitAsync() : Task.CompletedTask;
            came.Release();
            await gone;
            await context.Response.WriteAsync("ok");
        });
        await using var rig = await StartAsync(new ClientLimits(Requests: 2));
        await rig.PutAsync(Rig.Alone(bank));
        var flood = await ManyAsync(rig, count: 3, "127.0.0.2");
        foreach (var late in flood[..2])
        {
            await late.SendAsync(Get.Replace("bank/", "bank/late", StringComparison.Ordinal));
            await came.WaitAsync();
        }

        await flood[2].SendAsync(Get);
        var crowded = await flood[2].ReadAsync("as may be");
        Assert.StartsWith("HTTP/1.1 429", crowded, StringComparison.Ordinal);
        Assert.Contains("\r\nRetry-After: 1\r\n", crowded, StringComparison.Ordinal);
        using var other = await RawConnection.ToAsync(rig.Address, "127.0.0.3");
        Assert.Contains("200 OK", await AskAsync(other), StringComparison.Ordinal);
        Assert.Equal(1, (await rig.ConditionAsync()).TurnedAway.Reasons["requests-of-one"]);
        going.Release();
        Assert.Contains("200 OK", await flood[0].ReadAsync("ok"), StringComparison.Ordinal);
        // The next one on its connection comes when it has left.
        Assert.Contains("200 OK", await AskAsync(flood[0]), StringComparison.Ordinal);
        going.Release();
        flood.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task OfAFloodTenASecondAreLinesAndAllAreCounted()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-flood-");
        var clock = new HandClock();
        var turnedAway = new TurnedAway(clock);
        await using (var log = new AccessLog(new LineFiles(folder.FullName), TimeProvider.System))
        {
            var doorkeeper = new Doorkeeper(turnedAway, log, clock);
            for (var i = 0; i < 1_000; i++)
                doorkeeper.Tell(IPAddress.Loopback, Full.InAll);
            clock.Now = clock.Now.AddSeconds(1);
            doorkeeper.Tell(IPAddress.Loopback, Full.InAll);
        }

        Assert.Equal(1_001, turnedAway.Count(Reason.Connections));
        Assert.Equal(11, File.ReadLines(Path.Combine(folder.FullName, "access.jsonl")).Count());
        folder.Delete(recursive: true);
    }

    [Fact]
    public void LimitsAreReadAndWhatIsNoneIsSaid()
    {
        var limits = ClientLimits.Parse(
            "connections=5000, each=50,head=5,idle=60,rate=1000,grace=4,stall=9,streams=20,requests=70"
        );

        Assert.Equal(new ClientLimits(5_000, 50, 5, 60, 1_000, 4, 9, Streams: 20, Requests: 70), limits);
        Assert.Equal(new ClientLimits(), ClientLimits.Parse(null));
        foreach (var wrong in new[] { "", "each", "each=", "each=0", "each=-1", "each=1e3", "rate=1,,", "frob=1" })
        {
            var said = Assert.Throws<FormatException>(() => ClientLimits.Parse(wrong));
            Assert.Contains(ClientLimits.Accepted, said.Message, StringComparison.Ordinal);
        }
    }

    static Task<Rig> StartAsync(ClientLimits limits) => Rig.StartAsync(with: o => o with { ClientLimits = limits });

    static async Task<List<RawConnection>> ManyAsync(Rig rig, int count, string from)
    {
        var many = new List<RawConnection>();
        for (var i = 0; i < count; i++)
            many.Add(await RawConnection.ToAsync(rig.Address, from));
        await rig.ConditionAsync(c => c.Connections.Open == count);
        return many;
    }

    /// <summary>It may learn so before it knows that it was connected.</summary>
    static async Task<bool> IsTurnedAwayAsync(Rig rig, string from)
    {
        try
        {
            using var further = await RawConnection.ToAsync(rig.Address, from);
            return await further.IsCutAsync();
        }
        catch (SocketException)
        {
            return true;
        }
    }

    static async Task<string> AskAsync(RawConnection connection)
    {
        await connection.SendAsync(Get);
        return await connection.ReadAsync("ok");
    }
}
