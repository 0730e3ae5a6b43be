using System.Net;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway;
using Xunit;
using static Mintmark.Tests.Gateway.RawFrames;

namespace Mintmark.Tests.Gateway;

/// <summary>HTTP/2: each attack ends its connection, it is counted, and another client notices nothing.</summary>
public sealed class WhenHttp2IsHostile
{
    static readonly string[] Get = [":method: GET", ":scheme: http", ":authority: bank.localhost", ":path: /"];

    static readonly string[] Post = [":method: POST", .. Get[1..]];

    /// <summary>What, frames, of which the last is sent often, what becomes of it, and how it is counted.</summary>
    public static TheoryData<string, byte[], byte[], string, string> Floods =>
        new()
        {
            { "pings", [], Frame(Ping, 0, 0, new byte[8]), "closed", "frames" },
            { "settings", [], Frame(Settings, 0, 0), "closed", "frames" },
            { "settings of the table", [], Frame(Settings, 0, 0, 0, 1, 0, 0, 0, 0), "closed", "frames" },
            { "priorities", [], Frame(Priority, 0, 1, 0, 0, 0, 3, 1), "closed", "frames" },
            { "frames of no kind", [], Frame(0x42, 0, 0), "closed", "frames" },
            { "windows of a byte", [], Frame(Window, 0, 0, 0, 0, 0, 1), "closed", "frames" },
            { "empty content", Open(Post), Frame(Data, 0, 1), "closed", "frames" },
            { "empty continuations", Frame(Headers, 0, 1, Fields(Get)), Frame(Continuation, 0, 1), "closed", "frames" },
            {
                "continuations",
                Frame(Headers, 0, 1, Fields(Get)),
                Frame(Continuation, 0, 1, Fields([.. Enumerable.Repeat("a: b", 200)])),
                "goaway",
                "http2"
            },
        };

    [Theory]
    [MemberData(nameof(Floods))]
    public async Task AFloodIsCutOff(string what, byte[] begin, byte[] repeated, string becomes, string why)
    {
        await using var bank = await Bystander.InstanceAsync(c => c.Request.Body.CopyToAsync(Stream.Null));
        await using var rig = await StartAsync(bank, new ClientLimits());
        var became = "";

        await Bystander.NoticesNothingAsync(
            rig,
            async _ =>
                became = await AskAsync(
                    rig.Addresses[1],
                    Begun(begin, Times(repeated, 1_000_000 / repeated.Length)),
                    "goaway"
                )
        );

        Assert.StartsWith(becomes, became, StringComparison.Ordinal);
        Assert.True((await rig.ConditionAsync()).TurnedAway.Reasons.GetValueOrDefault(why) > 0, what);
    }

    [Fact]
    public async Task StreamsThatAreResetAtOnceEndTheirConnection()
    {
        var came = 0;
        await using var bank = await Bystander.InstanceAsync(async context =>
        {
            Interlocked.Increment(ref came);
            await Task.Delay(Timeout.Infinite, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var rig = await StartAsync(bank, new ClientLimits());
        var rapid = Enumerable
            .Range(0, 20_000)
            .SelectMany(i => new[] { Open(Get, (2 * i) + 1), Frame(Reset, 0, (2 * i) + 1, 0, 0, 0, 8) })
            .SelectMany(f => f);
        var became = "";

        await Bystander.NoticesNothingAsync(
            rig,
            async _ => became = await AskAsync(rig.Addresses[1], Begun([.. rapid]), "goaway")
        );

        Assert.Matches("^(closed|goaway)", became);
        Assert.InRange(came, 0, 2_000);
        var reasons = (await rig.ConditionAsync()).TurnedAway.Reasons;
        Assert.True(reasons.GetValueOrDefault("resets") + reasons.GetValueOrDefault("http2") > 0);
    }

    /// <summary>What the client does there has the web server reset each of them: the client need not.</summary>
    [Fact]
    public async Task StreamsThatAreMadeToBeResetEndTheirConnection()
    {
        const int most = 1_000;
        var came = 0;
        await using var bank = await Bystander.InstanceAsync(async context =>
        {
            Interlocked.Increment(ref came);
            await Task.Delay(Timeout.Infinite, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var rig = await StartAsync(bank, new ClientLimits(Streams: 1_000));
        // A window beyond what one may be (RFC 9113, section 6.9.1).
        var reset = Enumerable
            .Range(0, most)
            .SelectMany(i => new[] { Open(Get, (2 * i) + 1), Frame(Window, 0, (2 * i) + 1, 0x7F, 0xFF, 0xFF, 0xFF) })
            .SelectMany(f => f);
        var became = "";

        await Bystander.NoticesNothingAsync(
            rig,
            async _ => became = await AskAsync(rig.Addresses[1], Begun([.. reset]), "goaway")
        );

        Assert.Matches("^(closed|goaway)", became);
        Assert.InRange(came, 0, most - 1);
        Assert.True((await rig.ConditionAsync()).TurnedAway.Reasons.GetValueOrDefault("resets") > 0);
    }

    [Fact]
    public async Task WhoOpensMoreStreamsThanThereMayBeBeforeHeHearsOfItIsNotCutOff()
    {
        // The web server itself cuts off who has more than twice as many at once.
        const int atOnce = 300;
        const int beyond = 250;
        var going = new TaskCompletionSource();
        await using var bank = await Bystander.InstanceAsync(async context =>
        {
            await going.Task;
            await context.Response.WriteAsync("late");
        });
        await using var rig = await StartAsync(bank, new ClientLimits(Streams: atOnce));
        var many = Enumerable.Range(0, atOnce + beyond).SelectMany(i => Open(Get, (2 * i) + 1)).ToArray();

        var asking = AskAsync(rig.Addresses[1], Begun(many), "status");
        await rig.ConditionAsync(c => c.TurnedAway.Reasons.GetValueOrDefault("http2") == beyond);
        going.SetResult();

        Assert.Equal("status 200", await asking);
    }

    [Fact]
    public async Task StreamsBeyondWhatThereMayBeAtOnceAreRefused()
    {
        await using var bank = await Bystander.InstanceAsync(c =>
            Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default)
        );
        await using var rig = await StartAsync(bank, new ClientLimits(Streams: 10));
        var eleven = Enumerable.Range(0, 11).SelectMany(i => Open(Get, (2 * i) + 1)).ToArray();
        var became = "";

        await Bystander.NoticesNothingAsync(
            rig,
            async _ => became = await AskAsync(rig.Addresses[1], Begun(eleven), "reset")
        );

        // REFUSED_STREAM, or ENHANCE_YOUR_CALM.
        Assert.Matches("^reset (7|11)$", became);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task AWindowThatNeverOpensIsGivenUp(byte window)
    {
        await using var bank = await Bystander.InstanceAsync(Bystander.GiveMuchAsync);
        await using var rig = await StartAsync(bank, new ClientLimits(Rate: 10_000, Grace: 2, Stall: 1));
        var became = "";

        await Bystander.NoticesNothingAsync(
            rig,
            async _ =>
                became = await AskAsync(
                    rig.Addresses[1],
                    [.. Preface, .. Frame(Settings, 0, 0, 0, 4, 0, 0, 0, window), .. Open(Get)],
                    "goaway"
                )
        );

        Assert.Matches("^(closed|goaway)", became);
        Assert.Equal(1, (await rig.ConditionAsync()).TurnedAway.Reasons["reads-too-slow"]);
        Assert.InRange(await Bystander.LargestAnswerAsync(rig), 1, 1 << 20);
    }

    [Fact]
    public async Task AHeadThatNeverEndsIsGivenUp()
    {
        await using var bank = await Bystander.InstanceAsync(c => c.Response.WriteAsync("ok"));
        await using var rig = await StartAsync(bank, new ClientLimits(Head: 1));
        var became = "";

        await Bystander.NoticesNothingAsync(
            rig,
            async _ => became = await AskAsync(rig.Addresses[1], Begun(Frame(Headers, 0, 1, Fields(Get))), "goaway")
        );

        Assert.Matches("^(closed|goaway)", became);
        Assert.Equal(1, (await rig.ConditionAsync()).TurnedAway.Reasons["head-too-slow"]);
    }

    [Fact]
    public async Task ATableOfHeadersIsNoLargerThanWeSay()
    {
        await using var bank = await Bystander.InstanceAsync(c => c.Response.WriteAsync("ok"));
        await using var rig = await StartAsync(bank, new ClientLimits());
        // RFC 7541, section 6.3: the table is to have 1 MB from now on.
        var larger = Frame(Headers, EndHeaders | EndStream, 1, [0x3F, 0xE1, 0xFF, 0x3F, .. Fields(Get)]);
        // One field of 4,000 bytes is put into the table, and then named a hundred times in a byte each.
        byte[] entry = [0x40, 1, (byte)'a', 0x7F, 0xA1, 0x1E, .. Enumerable.Repeat((byte)'b', 4_000)];
        var bomb = Frame(
            Headers,
            EndHeaders | EndStream,
            1,
            [.. Fields(Get), .. entry, .. Enumerable.Repeat((byte)0xBE, 100)]
        );

        Assert.Equal("goaway 9", await RawFrames.AskAsync(rig.Addresses[1], Begun(larger)));
        Assert.Matches("^goaway|status 431", await RawFrames.AskAsync(rig.Addresses[1], Begun(bomb)));
        Assert.True((await rig.ConditionAsync()).TurnedAway.Reasons["http2"] >= 2);
    }

    static async Task<Rig> StartAsync(Instance bank, ClientLimits limits)
    {
        var rig = await Rig.StartAsync(with: o =>
            o with
            {
                ClientLimits = limits,
                H2c = new IPEndPoint(IPAddress.Loopback, 0),
            }
        );
        await rig.PutAsync(Rig.Alone(bank));
        return rig;
    }

    static byte[] Open(string[] fields, int stream = 1) =>
        Frame(Headers, fields == Post ? EndHeaders : EndHeaders | EndStream, stream, Fields(fields));

    static byte[] Begun(params byte[][] frames) => [.. Preface, .. Frame(Settings, 0, 0), .. frames.SelectMany(f => f)];

    static byte[] Times(byte[] frame, int count) => [.. Enumerable.Repeat(frame, count).SelectMany(f => f)];
}
