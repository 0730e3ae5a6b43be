using Mintmark.Gateway.Guard;
using Mintmark.Gateway.Wire;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenClientsAreTurnedAway
{
    [Theory]
    [InlineData("nonsense\r\n\r\n", "malformed")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", "malformed")]
    [InlineData("GET /s/bank/a/../b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "path")]
    [InlineData("GET /.env HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "unknown-service")]
    [InlineData("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nConnection: close\r\n\r\n", "tunnel")]
    [InlineData("many headers", "headers-too-large")]
    [InlineData("long target", "target-too-long")]
    public async Task ItIsCountedByReasonAndByClientWithOrWithoutALog(string bytes, string why)
    {
        await using var bank = await Instance.SayingAsync("ok");
        await using var rig = await Rig.StartAsync(with: o => o with { AccessLog = null });
        await rig.PutAsync(Rig.Alone(bank));
        var sent = bytes switch
        {
            "many headers" => $"GET / HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Repeat("a: b\r\n", 200))}\r\n",
            "long target" => $"GET /{new string('a', 9_000)} HTTP/1.1\r\nHost: x\r\n\r\n",
            _ => bytes,
        };

        await RawClient.AskAsync(rig, sent);

        var turned = (await rig.ConditionAsync()).TurnedAway;
        Assert.Equal([(why, 1L)], turned.Reasons.Select(r => (r.Key, r.Value)));
        var client = Assert.Single(turned.Clients);
        Assert.Equal(("127.0.0.1", 1, 0, why), (client.From, client.Count, client.TooHigh, client.Why));
        Assert.InRange(client.Last, turned.Since.AddMilliseconds(-1), DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task WhoSendsTooMuchIsAmongThem()
    {
        await using var bank = await Instance.SayingAsync("ok");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(bank) with { Surge = new(Client: new Rate(1, 3_600)) });

        for (var i = 0; i < 4; i++)
            await rig.AskAsync();

        Assert.Equal(3, (await rig.ConditionAsync()).TurnedAway.Reasons["rate"]);
    }

    [Fact]
    public async Task WhoHadItNotInHandIsNot()
    {
        await using var rig = await Rig.StartAsync();
        await rig.AskAsync();
        await rig.PutAsync(new Mintmark.Route.ServiceRoute(new("bank"), "held", null, null));
        await rig.AskAsync();

        Assert.Empty((await rig.ConditionAsync()).TurnedAway.Reasons);
    }

    /// <summary>A hundred thousand addresses once each, and among them three that come often.</summary>
    [Fact]
    public void TheMostAreKnownAmongAnyNumberInAsMuchMemory()
    {
        var offenders = new Offenders();
        var often = new[] { 9_000, 6_000, 3_000 };
        for (var i = 0; i < 100_000; i++)
        {
            offenders.Add(new Origin((ulong)i, IsSix: true), Reason.Malformed, i);
            for (var who = 0; who < often.Length; who++)
            {
                if (i % (100_000 / often[who]) == 0)
                    offenders.Add(new Origin((ulong)who, IsSix: false), Reason.Path, i);
            }
        }

        var most = offenders.Most(3);

        Assert.Equal([0UL, 1UL, 2UL], most.Select(m => m.Origin.Bits));
        Assert.All(most, m => Assert.False(m.Origin.IsSix));
        foreach (var (found, who) in most.Select((m, i) => (m, i)))
        {
            var exact = (100_000 + (100_000 / often[who]) - 1) / (100_000 / often[who]);
            Assert.InRange(exact, found.Count - found.TooHigh, found.Count);
        }
        Assert.True(offenders.Most(int.MaxValue).Count <= 512);
    }
}
