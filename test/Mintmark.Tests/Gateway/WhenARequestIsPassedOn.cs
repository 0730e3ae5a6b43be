using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mintmark.Gateway;
using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Wire;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>Bytes in, expected out: what an instance gets to see of what clients send.</summary>
public sealed class WhenARequestIsPassedOn
{
    const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    const string Host = "Host: bank.localhost\r\nConnection: close\r\n";

    /// <summary>After a second a client that asks first is told to go on, whatever the instance says.</summary>
    static readonly TimeSpan Unasked = TimeSpan.FromSeconds(0.9);

    [Fact]
    public async Task AProtocolThatNobodyTakesUpIsPassedOver()
    {
        await using var instance = Scripted.Saying(Ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);
        var head = "GET / HTTP/1.1\r\nHost: bank.localhost\r\nConnection: Upgrade, HTTP2-Settings, close\r\n";

        var answer = await RawClient.AskAsync(rig, $"{head}Upgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n");

        Assert.Equal("200 ok", RawClient.Short(answer));
        Assert.DoesNotContain("h2c", instance.Requests.Single().Text, StringComparison.Ordinal);
        Assert.DoesNotContain("chunked", instance.Requests.Single().Text, StringComparison.Ordinal);
    }

    /// <summary>Streams end with a piece that has nothing in it.</summary>
    [Fact]
    public async Task OfABodyInPiecesTheEndIsSaidOnce()
    {
        using var pair = await Pair.MakeAsync();
        using var connection = Over(pair.Link);
        var body = Hello(connection);

        await body.SendAsync(expected: false, connection.Lease);
        pair.Link.Finish();

        using var sent = new StreamReader(new NetworkStream(pair.Peer));
        Assert.Equal("5\r\nhello\r\n0\r\n\r\n", await sent.ReadToEndAsync());
    }

    /// <summary>One that says no and closes has not read all; what it said is there.</summary>
    [Fact]
    public async Task AnAnswerBeforeTheBodysEndIsReadThoughTheRestCannotBeSent()
    {
        using var pair = await Pair.MakeAsync();
        using var connection = Over(pair.Link);
        await connection.SendAsync("POST / HTTP/1.1\r\n"u8.ToArray());
        await pair.Peer.SendAsync("HTTP/1.1 413 No\r\n\r\n"u8.ToArray());
        var from = $":{((IPEndPoint)pair.Peer.LocalEndPoint!).Port:X4} ";
        // What it has not read by then makes its end a reset; the kernel forgets the connection when that has come.
        await Eventually.HoldsAsync(() => pair.Peer.Available > 0, "it has come");
        pair.Peer.Dispose();
        await Eventually.HoldsAsync(
            () => !File.ReadAllText("/proc/net/tcp").Contains(from, StringComparison.Ordinal),
            "it is reset"
        );
        var body = Hello(connection);

        await body.SendAsync(expected: false, connection.Lease);

        Assert.False(body.IsSent);
        Assert.True(await connection.FillAsync());
        Assert.Equal("HTTP/1.1 413 No\r\n\r\n"u8, connection.Received);
    }

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/a%2e%252e/b?q=../x", "/a%2e%252e/b?q=../x")]
    [InlineData("/file.tar.gz?a=%2e%2e%2f", "/file.tar.gz?a=%2e%2e%2f")]
    [InlineData("//double//", "//double//")]
    [InlineData("/.well-known/x", "/.well-known/x")]
    [InlineData("/caf%c3%a9", "/caf%c3%a9")]
    [InlineData("http://bank.localhost/x?y", "/x?y")]
    [InlineData(@"/reports\7", @"/reports\7")]
    [InlineData("/{a}|^?q={b}", "/{a}|^?q={b}")]
    public async Task ItsPathArrivesAsItWasWritten(string target, string seen)
    {
        await using var instance = Scripted.Saying(Ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        Assert.Equal("200 ok", RawClient.Short(await RawClient.AskAsync(rig, $"GET {target} HTTP/1.1\r\n{Host}\r\n")));

        Assert.StartsWith($"GET {seen} HTTP/1.1\r\n", instance.Requests.Single().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(200)]
    [InlineData(8_192)]
    [InlineData(8_193)]
    [InlineData(100_000)]
    public async Task ItsBodyArrivesWholeAndOnceWhateverItsLength(int length)
    {
        await using var instance = Scripted.Saying(Ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);
        string[] bodies = [.. "ab".Select(c => new string(c, length))];
        var requests = string.Concat(
            bodies.Select(
                (body, i) =>
                    $"POST /{i} HTTP/1.1\r\nHost: bank.localhost\r\nContent-Length: {length}\r\n"
                    + $"Connection: {(i == 0 ? "keep-alive" : "close")}\r\n\r\n{body}"
            )
        );

        Assert.EndsWith("\r\n\r\nok", await RawClient.AskAsync(rig, requests), StringComparison.Ordinal);

        var seen = instance.Requests.Select(r => r.Text.Split("\r\n\r\n")[1]);
        Assert.Equal(bodies, seen);
    }

    [Theory]
    [InlineData("/a/../b")]
    [InlineData("/a/..")]
    [InlineData("/a/./b")]
    [InlineData("/a/%2e%2E/b")]
    [InlineData("/a/.%2e/b")]
    [InlineData("/a%2f..%2fb")]
    [InlineData("/a\\..\\b")]
    [InlineData("/a%5c..%5cb")]
    [InlineData("/a/..;x=1/b")]
    [InlineData("/a#b")]
    public async Task APathOfTwoMeaningsIsRefused(string target)
    {
        await using var instance = Scripted.Saying(Ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        var answer = await RawClient.AskAsync(rig, $"GET {target} HTTP/1.1\r\n{Host}\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Empty(instance.Requests);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!")]
    [InlineData("Content-Length: 5, 6\r\n\r\nhello!")]
    [InlineData("Content-Length: 0x5\r\n\r\nhello")]
    [InlineData("Content-Length: -5\r\n\r\nhello")]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\nhello")]
    [InlineData("Content-Length : 5\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: gzip\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("X: 1\r\n folded: yes\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("X: a\0b\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("X: a\rb\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("Host: other\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhelloo\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n")]
    public async Task WhatCouldHideAnotherRequestIsRefused(string rest)
    {
        await using var instance = Scripted.Saying(Ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        var answer = await RawClient.AskAsync(rig, $"POST / HTTP/1.1\r\n{Host}{rest}");

        Assert.Matches("^HTTP/1.1 (400|501|413)", answer);
        Assert.DoesNotContain("\r\n\r\nok", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfBothLengthsOnlyTheChunksArePassedOn()
    {
        await using var instance = Scripted.Saying(Ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);
        const string smuggled = "GET /admin HTTP/1.1\r\nHost: bank.localhost\r\n\r\n";

        await RawClient.AskAsync(
            rig,
            $"POST / HTTP/1.1\r\n{Host}Content-Length: {5 + smuggled.Length}\r\nTransfer-Encoding: chunked\r\n\r\n"
                + $"0\r\n\r\n{smuggled}"
        );

        var seen = Assert.Single(instance.Requests).Text;
        Assert.DoesNotContain("admin", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("\nContent-Length", seen, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n0\r\n\r\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALengthThatTheFrontTakesIsPassedOnInDigits()
    {
        await using var instance = Scripted.Saying(Ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        await RawClient.AskAsync(rig, $"POST / HTTP/1.1\r\n{Host}Content-Length: +5\r\n\r\nhello");

        Assert.Contains("\r\nContent-Length: 5\r\n", instance.Requests.Single().Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X_Forwarded_For: 10.0.0.1")]
    [InlineData("x-forwarded-port: 443")]
    [InlineData("Forwarded: for=10.0.0.1")]
    [InlineData("X-Real-IP: 10.0.0.1")]
    [InlineData("Mint_Mark: bank-9")]
    [InlineData("X-Forwarded-Prefix: /evil\r\nConnection: Upgrade\r\nUpgrade: websocket")]
    [InlineData("Mint-Request: bank-9.1.x\r\nConnection: Upgrade\r\nUpgrade: websocket")]
    public async Task WhatIsSaidOfClientsFromOutsideIsNotBelieved(string header)
    {
        await using var instance = Scripted.Saying(Ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        await RawClient.AskAsync(rig, $"GET / HTTP/1.1\r\n{Host}{header}\r\n\r\n");

        var (said, seen) = (header.Split("\r\n")[0], instance.Requests.Single().Text);
        Assert.DoesNotContain(said, seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\r\nX-Forwarded-For: 127.0.0.1\r\n", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", "HTTP/1.1 100 Continue")]
    [InlineData("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 417 Expectation Failed")]
    public async Task AClientThatAsksFirstHearsWhatTheInstanceSays(string says, string heard)
    {
        await using var instance = Scripted.Saying(says);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        var first = await Again.WhileAsync(line => line is null, () => ExpectAsync(rig));

        Assert.Equal(heard, first);
        Assert.Contains("\r\nExpect: 100-continue\r\n", instance.Requests[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientIsNotToldToGoOnOnceItsAnswerHasBegun()
    {
        using var pair = await Pair.MakeAsync();
        using var connection = Over(pair.Link);
        var body = Hello(connection);

        var begun = new TaskCompletionSource();
        body.Continue();
        var beginning = body.BeginAnswerAsync(_ => begun.Task);
        var sending = body.SendAsync(expected: true, connection.Lease);
        Assert.False(sending.IsCompleted);
        begun.SetResult();
        await beginning;
        await sending;

        Assert.Equal((5, true), (body.Sent, body.IsSent));
    }

    [Fact]
    public async Task OfAConnectionThatTakesNoMoreTheEndIsNoAnswersEnd()
    {
        using var pair = await Pair.MakeAsync();
        using var connection = Over(pair.Link);
        pair.Peer.Close(timeout: 0);

        // Who asks the kernel first is told of the reset.
        await Hello(connection).SendAsync(expected: false, connection.Lease);

        Assert.True(connection.HasBroken);
    }

    [Theory]
    [InlineData("GET", "ok", 3)]
    [InlineData("POST", "502", 2)]
    public async Task OnlyASafeOneIsSentAgainWhenItsUsedConnectionEndsInSilence(
        string method,
        string answered,
        int sent
    )
    {
        await using var instance = Scripted.Saying(Ok, Scripted.Close, Ok);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        await RawClient.AskAsync(rig, $"GET / HTTP/1.1\r\n{Host}\r\n");
        var answer = await RawClient.AskAsync(rig, $"{method} / HTTP/1.1\r\n{Host}\r\n");

        Assert.Contains(answered, RawClient.Short(answer), StringComparison.Ordinal);
        Assert.Equal(sent, instance.Requests.Count);
    }

    /// <returns>The first line that came; null where it may be the gateway's own.</returns>
    static async Task<string?> ExpectAsync(Rig rig)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Address);
        var since = Stopwatch.GetTimestamp();
        await connection
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes($"PUT / HTTP/1.1\r\n{Host}Expect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            );
        using var reader = new StreamReader(connection.GetStream());
        var line = await reader.ReadLineAsync();
        return Stopwatch.GetElapsedTime(since) < Unasked ? line : null;
    }

    static UpstreamConnection Over(Link link)
    {
        var to = new Target(new InstanceId(1), 1);
        return new(link, new LiveTarget(Mark.Parse("bank-1"), to, InFlight.Drain, Stopwatch.Frequency));
    }

    static RequestBody Hello(UpstreamConnection connection)
    {
        var content = PipeReader.Create(new MemoryStream("hello"u8.ToArray()));
        return new(content, connection, null, length: null, new(1_000, 1_000, 1_000));
    }
}
