using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Gateway.RawFrames;

namespace Mintmark.Tests.Gateway;

/// <summary>What it says of its answers is not so, and neither client nor judge takes it for an answer.</summary>
public sealed class WhenAnInstanceOfHttp2CountsWrong
{
    const string WebSocket =
        "Connection: Upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: c2l4dGVlbiBieXRlcyEhIQ==\r\n";

    const string Get = "GET /s/bank/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("as it says", 0)]
    [InlineData("short", 1)]
    [InlineData("nothing", 1)]
    [InlineData("long", 1)]
    public async Task AnAnswerOfAnotherLengthIsAnErrorOfTheVersion(string how, int errors)
    {
        await using var instance = await new Framed(atOnce: false, How(how)).StartAsync();
        await using var rig = await StartAsync(instance);

        var answer = await RawClient.AskAsync(rig, Get);

        var report = await rig.ReportAsync(r => r.Steps is [{ Candidate.Requests: 1 }]);
        Assert.Equal(errors, report.Steps.Single().Candidate.Errors);
        Assert.Equal(errors == 0, answer.EndsWith("\r\n\r\nok", StringComparison.Ordinal));
        await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
    }

    [Theory]
    [InlineData("as it says", "HEAD")]
    [InlineData("not modified", "GET")]
    public async Task WhereNoContentFollowsItsLengthIsOfWhatThereWouldBe(string how, string method)
    {
        var whole = How(how);
        var answers = method == "HEAD" ? new(s => Head(s, EndStream, "content-length: 2")) : whole;
        await using var instance = await new Framed(atOnce: false, answers).StartAsync();
        await using var rig = await StartAsync(instance);

        await RawClient.AskAsync(rig, Get.Replace("GET", method, StringComparison.Ordinal));

        var report = await rig.ReportAsync(r => r.Steps is [{ Candidate.Requests: 1 }]);
        Assert.Equal(0, report.Steps.Single().Candidate.Errors);
    }

    /// <summary>The web server, which passes trailers to clients of HTTP/2, takes no such characters.</summary>
    [Fact]
    public async Task ATrailerThatIsNoTextIsAnErrorOfTheVersion()
    {
        await using var instance = await new Framed(atOnce: false, How("trailer")).StartAsync();
        await using var rig = await StartAsync(instance);

        await AskAsync(rig.Addresses[^1], [.. Preface, .. Frame(Settings, 0, 0), .. Asked()], until: "reset ");

        var report = await rig.ReportAsync(r => r.Steps is [{ Candidate.Requests: 1 }]);
        Assert.Equal(1, report.Steps.Single().Candidate.Errors);
        await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
    }

    /// <summary>So an instance that minds how slowly a body comes hears of it.</summary>
    [Fact]
    public async Task ARequestsBodyIsNotHeldBackUntilThereIsMore()
    {
        var came = new TaskCompletionSource();
        await using var instance = await Instance.StartAsync(
            async context =>
            {
                if (HttpMethods.IsGet(context.Request.Method))
                    return;
                var some = new byte[5];
                await context.Request.Body.ReadExactlyAsync(some);
                came.SetResult();
                await context.Request.Body.CopyToAsync(Stream.Null);
                await context.Response.WriteAsync(Encoding.ASCII.GetString(some));
            },
            HttpProtocols.Http2
        );
        await using var rig = await StartAsync(instance);
        using var client = await RawConnection.ToAsync(rig.Address);
        // On a new connection other frames would take it along.
        await rig.AskAsync();

        await client.SendAsync("POST /s/bank/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nfirst");
        await came.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await client.SendAsync(" last");

        Assert.Contains("first", await client.ReadAsync(until: "first"), StringComparison.Ordinal);
    }

    /// <summary>Though it says of what kind its content is.</summary>
    [Theory]
    [InlineData(Protocol.Http1, WebSocket)]
    [InlineData(Protocol.H2c, "Connection: close\r\n")]
    public async Task ARequestWithoutABodyIsOneWithout(Protocol protocol, string asks)
    {
        string? came = null;
        await using var instance = await Instance.StartAsync(
            context =>
            {
                var headers = context.Request.Headers;
                came = $"{headers.ContentLength} {headers.TransferEncoding} {headers.ContentType}";
                return Task.CompletedTask;
            },
            protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1
        );
        await using var rig = await StartAsync(instance, protocol);

        await RawClient.AskAsync(rig, $"GET /s/bank/ HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n{asks}\r\n");

        Assert.Equal("0  text/plain", came);
    }

    static Framed.Answer How(string how) =>
        how switch
        {
            "as it says" => new(s => [.. Head(s, 0, "content-length: 2"), .. Content(s, "ok")]),
            "short" => new(s => [.. Head(s, 0, "content-length: 100"), .. Content(s, "half")]),
            "nothing" => new(s => Head(s, EndStream, "content-length: 100")),
            "long" => new(s => [.. Head(s, 0, "content-length: 2"), .. Content(s, "ok and more")]),
            "not modified" => new(s =>
                Frame(Headers, EndHeaders | EndStream, s, [0x8B, .. Fields("content-length: 9")])
            ),
            "trailer" => new(s =>
                [
                    .. Head(s, 0),
                    .. Frame(Data, 0, s, "ok"u8.ToArray()),
                    .. Frame(Headers, EndHeaders | EndStream, s, Fields("x-note: \u0001")),
                ]
            ),
            _ => throw new ArgumentOutOfRangeException(nameof(how)),
        };

    static byte[] Head(int stream, int flags, params string[] fields) =>
        Frame(Headers, EndHeaders | flags, stream, [0x88, .. Fields(fields)]);

    static byte[] Content(int stream, string text) => Frame(Data, EndStream, stream, Encoding.ASCII.GetBytes(text));

    static byte[] Asked() =>
        Frame(
            Headers,
            EndHeaders | EndStream,
            1,
            Fields(":method: GET", ":scheme: http", ":path: /s/bank/", ":authority: x", "te: trailers")
        );

    /// <summary>All go to the candidate.</summary>
    static async Task<Rig> StartAsync(Instance instance, Protocol protocol = Protocol.H2c)
    {
        var rig = await Rig.StartAsync(with: o => o with { H2c = new IPEndPoint(IPAddress.Loopback, 0) });
        var bank = Rig.Bank(null, instance, share: 10_000);
        var spoken = bank.Comparison!.Candidate with { Protocol = protocol };
        await rig.PutAsync(bank with { Comparison = bank.Comparison with { Candidate = spoken } });
        return rig;
    }
}
