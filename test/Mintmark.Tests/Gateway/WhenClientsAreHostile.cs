using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>HTTP/1.1: each attack is stopped, it is counted, and another client notices nothing.</summary>
public sealed class WhenClientsAreHostile
{
    const string Attacker = "127.0.0.6";

    /// <summary>As short as the web server takes them.</summary>
    static readonly ClientLimits Short = new(Head: 1, Rate: 10_000, Grace: 2, Stall: 1);

    [Fact]
    public async Task HeadsThatComeByteByByteAreGivenUp()
    {
        await using var bank = await Bystander.InstanceAsync(c => c.Response.WriteAsync("ok"));
        await using var rig = await StartAsync(bank);
        var slow = await ManyAsync(rig, 20, "GET /s/bank/ HTTP/1.1\r\nHost: x\r\nX: ");

        await Bystander.NoticesNothingAsync(
            rig,
            ct => Task.WhenAll(slow.Select(c => c.EndAsync(ct))),
            () => Task.WhenAll(slow.Select(c => c.TrySendAsync("a")))
        );

        Assert.Equal(20, (await rig.ConditionAsync(c => c.Connections.Open == 0)).TurnedAway.Reasons["head-too-slow"]);
        slow.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task ContentThatComesByteByByteIsGivenUp()
    {
        await using var bank = await Bystander.InstanceAsync(c => c.Request.Body.CopyToAsync(Stream.Null));
        await using var rig = await StartAsync(bank);
        var slow = await ManyAsync(rig, 20, "POST /s/bank/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");

        await Bystander.NoticesNothingAsync(
            rig,
            ct => Task.WhenAll(slow.Select(c => c.EndAsync(ct))),
            () => Task.WhenAll(slow.Select(c => c.TrySendAsync("a")))
        );

        var turned = (await rig.ConditionAsync(c => c.Connections.Open == 0)).TurnedAway;
        Assert.Equal(20, turned.Reasons["content-too-slow"]);
        slow.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task AnAnswerThatNobodyTakesIsGivenUpAndIsNotHeldMeanwhile()
    {
        await using var bank = await Bystander.InstanceAsync(Bystander.GiveMuchAsync);
        await using var rig = await StartAsync(bank);
        var deaf = await ManyAsync(rig, 4, "GET /s/bank/large HTTP/1.1\r\nHost: x\r\n\r\n");

        await Bystander.NoticesNothingAsync(
            rig,
            ct => rig.ConditionAsync(c => c.TurnedAway.Reasons.GetValueOrDefault("reads-too-slow") == 4).WaitAsync(ct)
        );

        deaf.ForEach(c => c.Dispose());
        // What the kernel holds for a client, and nothing of it in the gateway.
        Assert.InRange(await Bystander.LargestAnswerAsync(rig), 1, 16 << 20);
    }

    /// <summary>The kernel holds megabytes for it, and says that there is room only after a third of them.</summary>
    [Fact]
    public async Task WhoTakesALittleAllTheTimeIsNotCutOff()
    {
        // Where the machine held it up for so long, it was not all the time.
        var (isCut, _) = await Again.WhileAsync(
            taken => taken.IsCut && taken.Pause > TimeSpan.FromSeconds(1),
            TakeALittleAsync
        );

        Assert.False(isCut);
    }

    /// <returns>Whether it was cut off, and the longest that it took nothing for.</returns>
    static async Task<(bool IsCut, TimeSpan Pause)> TakeALittleAsync()
    {
        await using var bank = await Bystander.InstanceAsync(Bystander.GiveMuchAsync);
        await using var rig = await Rig.StartAsync(with: o => o with { ClientLimits = new ClientLimits(Stall: 3) });
        await rig.PutAsync(Rig.Alone(bank));
        using var slow = new TcpClient();
        await slow.ConnectAsync(rig.Address);
        await slow.GetStream().WriteAsync("GET /s/bank/large HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        var (little, pause) = (new byte[20_000], TimeSpan.Zero);
        try
        {
            for (var i = 0; i < 70; i++)
            {
                var since = Stopwatch.GetTimestamp();
                await slow.GetStream().ReadExactlyAsync(little);
                await Task.Delay(100);
                var took = Stopwatch.GetElapsedTime(since);
                pause = took > pause ? took : pause;
            }
        }
        catch (IOException)
        {
            return (true, pause);
        }
        return ((await rig.ConditionAsync()).TurnedAway.Reasons.ContainsKey("reads-too-slow"), pause);
    }

    [Theory]
    [InlineData("GET /s/bank/ HTTP/1.1\r\nHost: x\r\nX: ", "aaaaaaaaaaaaaaaa", "headers-too-large")]
    [InlineData("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n", "a: b\r\n", "headers-too-large")]
    [InlineData("GET /", "aaaaaaaaaaaaaaaa", "target-too-long")]
    [InlineData("", "aaaaaaaaaaaaaaaa", "target-too-long")]
    public async Task HeadsWithoutAnEndAreGivenUpEarly(string begin, string repeated, string why)
    {
        await using var bank = await Bystander.InstanceAsync(c => c.Response.WriteAsync("ok"));
        await using var rig = await StartAsync(bank, new ClientLimits());
        using var endless = await RawConnection.ToAsync(rig.Address, Attacker);
        var more = string.Concat(Enumerable.Repeat(repeated, 512));
        var sent = 0;
        await endless.SendAsync(begin);

        await Bystander.NoticesNothingAsync(
            rig,
            async ct =>
            {
                var ended = endless.EndAsync(ct);
                while (!ended.IsCompleted && sent++ < 10_000 && await endless.TrySendAsync(more))
                    continue;
                await ended;
            }
        );

        Assert.InRange(sent, 1, 5_000);
        var client = Assert.Single((await rig.ConditionAsync()).TurnedAway.Clients);
        Assert.Equal((Attacker, 1, why), (client.From, client.Count, client.Why));
    }

    [Fact]
    public async Task APipelineOfRequestsWhoseAnswersNobodyTakesStandsStillAndIsGivenUp()
    {
        await using var bank = await Bystander.InstanceAsync(c => c.Response.WriteAsync("ok"));
        await using var rig = await StartAsync(bank);
        using var flood = await RawConnection.ToAsync(rig.Address, Attacker);
        var many = string.Concat(Enumerable.Repeat("GET /.env HTTP/1.1\r\nHost: x\r\n\r\n", 1_000));

        await Bystander.NoticesNothingAsync(
            rig,
            async ct =>
            {
                while (await flood.TrySendAsync(many).WaitAsync(ct))
                    continue;
            }
        );

        var reasons = (await rig.ConditionAsync()).TurnedAway.Reasons;
        Assert.Equal(1, reasons["reads-too-slow"]);
        Assert.InRange(reasons["unknown-service"], 1, 1_000_000);
    }

    [Fact]
    public async Task WhoAlwaysHasAnotherRequestLeavesTheOthersTheirTurn()
    {
        await using var bank = await Bystander.InstanceAsync(c => c.Response.WriteAsync("ok"));
        await using var rig = await StartAsync(bank, new ClientLimits());
        const string one = "GET /.env HTTP/1.1\r\nHost: x\r\n\r\n";
        var many = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(one, 1_000)));
        var last = Encoding.ASCII.GetBytes(one.Replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n", default));
        const int rounds = 4;

        await Bystander.NoticesNothingAsync(
            rig,
            ct => Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FloodAsync(ct)))
        );

        Assert.Equal(4 * ((rounds * 1_000) + 1), (await rig.ConditionAsync()).TurnedAway.Reasons["unknown-service"]);

        async Task FloodAsync(CancellationToken ct)
        {
            using var flood = new TcpClient();
            await flood.ConnectAsync(rig.Address, ct);
            var stream = flood.GetStream();
            var reading = ReadAsync(stream, ct);
            for (var i = 0; i < rounds; i++)
                await stream.WriteAsync(many, ct);
            await stream.WriteAsync(last, ct);
            await reading;
        }
    }

    static async Task ReadAsync(NetworkStream stream, CancellationToken ct)
    {
        var buffer = new byte[64 << 10];
        while (await stream.ReadAsync(buffer, ct) > 0)
            continue;
    }

    static async Task<Rig> StartAsync(Instance bank, ClientLimits? limits = null)
    {
        var rig = await Rig.StartAsync(with: o => o with { ClientLimits = limits ?? Short });
        await rig.PutAsync(Rig.Alone(bank));
        return rig;
    }

    static async Task<List<RawConnection>> ManyAsync(Rig rig, int count, string begin)
    {
        var many = new List<RawConnection>();
        for (var i = 0; i < count; i++)
        {
            many.Add(await RawConnection.ToAsync(rig.Address, Attacker));
            await many[^1].SendAsync(begin);
        }
        return many;
    }
}
