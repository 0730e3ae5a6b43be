using System.Net;
using Microsoft.AspNetCore.Http;
using Xunit;
using static Mintmark.Tests.Gateway.RawFrames;

namespace Mintmark.Tests.Gateway;

/// <summary>RFC 9113 as a table: bytes in, and what becomes of the connection or the stream.</summary>
public sealed class WhenHttp2IsMalformed
{
    const string Protocol = "1";
    const string FlowControl = "3";
    const string FrameSize = "6";
    const string Compression = "9";

    static readonly string[] Get = [":method: GET", ":scheme: http", ":authority: bank.localhost", ":path: /"];

    public static TheoryData<string, byte[], string> Table =>
        new()
        {
            // Section 3.4: the preface.
            { "no preface", "GET / HTTP/1.1\r\nHost: bank.localhost\r\n\r\n"u8.ToArray(), "closed" },
            // Section 4.2: sizes.
            { "too large", Begun(Frame(Data, 0, 1, new byte[(16 << 10) + 1])), "goaway " + FrameSize },
            { "settings of 5 bytes", Begun(Frame(Settings, 0, 0, new byte[5])), "goaway " + FrameSize },
            { "acknowledgement with content", Begun(Frame(Settings, 1, 0, new byte[6])), "goaway " + FrameSize },
            { "ping of 7 bytes", Begun(Frame(Ping, 0, 0, new byte[7])), "goaway " + FrameSize },
            { "window of 3 bytes", Begun(Frame(Window, 0, 0, new byte[3])), "goaway " + FrameSize },
            { "priority of 4 bytes", Begun(Frame(Priority, 0, 1, new byte[4])), "goaway " + FrameSize },
            { "reset of 3 bytes", Begun(Asked(Get), Frame(Reset, 0, 1, new byte[3])), "goaway " + FrameSize },
            // Section 5.1: states and numbers of streams.
            { "data on no stream", Begun(Frame(Data, 0, 0, 1)), "goaway " + Protocol },
            { "data on a stream that is idle", Begun(Frame(Data, 0, 1, 1)), "goaway " + Protocol },
            {
                "a stream of the server's",
                Begun(Frame(Headers, EndHeaders | EndStream, 2, Fields(Get))),
                "goaway " + Protocol
            },
            { "reset of a stream that is idle", Begun(Frame(Reset, 0, 1, new byte[4])), "goaway " + Protocol },
            { "window of a stream that is idle", Begun(Frame(Window, 0, 1, 0, 0, 0, 1)), "goaway " + Protocol },
            { "settings on a stream", Begun(Frame(Settings, 0, 1)), "goaway " + Protocol },
            { "ping on a stream", Begun(Frame(Ping, 0, 1, new byte[8])), "goaway " + Protocol },
            { "a push by a client", Begun(Frame(Push, EndHeaders, 1, 0, 0, 0, 2)), "goaway " + Protocol },
            {
                "a continuation of nothing",
                Begun(Frame(Continuation, EndHeaders, 1, Fields(Get))),
                "goaway " + Protocol
            },
            {
                "headers broken into",
                Begun(Frame(Headers, 0, 1, Fields(Get)), Frame(Ping, 0, 0, new byte[8])),
                "goaway " + Protocol
            },
            // Section 6: values.
            { "window grows by 0", Begun(Frame(Window, 0, 0, 0, 0, 0, 0)), "goaway " + Protocol },
            { "window beyond its end", Begun(Frame(Window, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF)), "goaway " + FlowControl },
            { "push is 2", Begun(Frame(Settings, 0, 0, 0, 2, 0, 0, 0, 2)), "goaway " + Protocol },
            { "frames of 1 byte at most", Begun(Frame(Settings, 0, 0, 0, 5, 0, 0, 0, 1)), "goaway " + Protocol },
            {
                "padding longer than the frame",
                Begun(Frame(Headers, EndHeaders | EndStream | 8, 1, 9, 1)),
                "goaway " + Protocol
            },
            // Section 4.3: field blocks.
            {
                "a field that the table has not",
                Begun(Frame(Headers, EndHeaders | EndStream, 1, 0xFF, 0xFF, 0x7F)),
                "goaway " + Compression
            },
            { "a name cut off", Begun(Frame(Headers, EndHeaders | EndStream, 1, 0, 9, 1)), "goaway " + Compression },
        };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task TheConnectionEnds(string what, byte[] bytes, string becomes) =>
        Assert.Equal(
            $"{what}: {becomes}, and nobody else has noticed",
            // What was asked before the flaw may be answered first.
            await AskAsync(what, bytes, until: becomes.Split(' ')[0])
        );

    public static TheoryData<string, string[]> Requests =>
        new()
        {
            { "a name in capitals", [.. Get, "Accept: x"] },
            { "a connection of its own", [.. Get, "connection: close"] },
            { "a coding", [.. Get, "transfer-encoding: chunked"] },
            { "an upgrade", [.. Get, "upgrade: websocket"] },
            { "to be kept alive", [.. Get, "keep-alive: 5"] },
            { "a connection of a proxy's", [.. Get, "proxy-connection: close"] },
            { "te but trailers", [.. Get, "te: gzip"] },
            { "no path", Get[..3] },
            { "no method", Get[1..] },
            { "two paths", [.. Get, ":path: /x"] },
            { "a status", [.. Get, ":status: 200"] },
            { "an unknown pseudo-field", [.. Get, ":secret: 1"] },
            { "a pseudo-field after others", [.. Get[..3], "accept: x", Get[3]] },
            { "a length that is not kept", [.. Get, "content-length: 5"] },
            { "two lengths", [.. Get, "content-length: 0", "content-length: 5"] },
            { "a length that is none", [.. Get, "content-length: -1"] },
            // RFC 9113, section 8.2.1: fields that would be two in HTTP/1.1.
            { "a value of two lines", [.. Get, "x: a\r\ny: b"] },
            { "a value with a feed", [.. Get, "x: a\nb"] },
            { "a value with a return", [.. Get, "x: a\rb"] },
            { "a value with a zero", [.. Get, "x: a\0b"] },
            { "a name of two lines", [.. Get, "x\r\ny: b"] },
            { "a name with a space", [.. Get, "x y: b"] },
            { "a name with a colon", [.. Get, "x:y: b"] },
            { "a name that says a length", [.. Get, "content-length:5: b"] },
            { "a name with a zero", [.. Get, "x\0: b"] },
            { "a name beyond ASCII", [.. Get, "\u00e4: b"] },
            // Section 8.3.1: the target.
            { "a path without a slash", [.. Get[..3], ":path: admin"] },
            { "an empty path", [.. Get[..3], ":path: "] },
            { "a path of two lines", [.. Get[..3], ":path: / HTTP/1.1\r\nHost: x\r\n\r\nGET /admin"] },
            { "a path with a space", [.. Get[..3], ":path: /a b"] },
            { "a path of dots", [.. Get[..3], ":path: /a/../admin"] },
            { "a method with a space", [":method: GET /admin", .. Get[1..]] },
            { "two methods", [Get[0], .. Get] },
            { "two authorities", [.. Get[..3], ":authority: other.localhost", Get[3]] },
            { "an authority with a user", [Get[0], Get[1], ":authority: a@bank.localhost", Get[3]] },
            { "an authority of two lines", [Get[0], Get[1], ":authority: bank.localhost\r\nx: y", Get[3]] },
            { "no scheme", [Get[0], Get[2], Get[3]] },
            { "a connection by connect", [":method: CONNECT", ":authority: bank.localhost"] },
        };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task TheRequestIsRefused(string what, string[] fields)
    {
        var became = await AskAsync(what, Begun(Asked(fields)));

        Assert.Matches($"^{what}: (goaway 1|reset 1|status 40[05]), and nobody else has noticed$", became);
    }

    static async Task<string> AskAsync(string what, byte[] bytes, string until = "")
    {
        var came = 0;
        await using var instance = await Instance.StartAsync(context =>
        {
            // What was sent before it broke off may still come.
            if (context.Request.Path == "/after")
                Interlocked.Increment(ref came);
            return context.Response.WriteAsync("hello");
        });
        await using var rig = await Rig.StartAsync(with: o => o with { H2c = new IPEndPoint(IPAddress.Loopback, 0) });
        await rig.PutAsync(Rig.Alone(instance));

        var became = await RawFrames.AskAsync(rig.Addresses[1], bytes, until);
        string[] after = [.. Get.Select(f => f.StartsWith(":path:", StringComparison.Ordinal) ? $"{f}after" : f)];
        var well = await RawFrames.AskAsync(rig.Addresses[1], Begun(Asked(after)));

        return well == "status 200" && came == 1
            ? $"{what}: {became}, and nobody else has noticed"
            : $"{what}: {became}, then {well} of {came}";
    }

    static byte[] Begun(params byte[][] frames) => [.. Preface, .. Frame(Settings, 0, 0), .. frames.SelectMany(f => f)];

    static byte[] Asked(string[] fields) => Frame(Headers, EndHeaders | EndStream, 1, Fields(fields));
}
