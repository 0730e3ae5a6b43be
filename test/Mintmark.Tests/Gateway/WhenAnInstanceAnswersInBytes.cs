using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>Bytes in, expected out: what RFC 9112 lets an answer be, and what it does not.</summary>
public sealed class WhenAnInstanceAnswersInBytes
{
    const string Get = "GET / HTTP/1.1\r\nHost: bank.localhost\r\nConnection: close\r\n\r\n";

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok", true)]
    [InlineData("HTTP/1.1 200\r\nCONTENT-LENGTH:2\r\n\r\nok", "200 ok", true)]
    [InlineData("HTTP/1.1 404 \r\nContent-Length: \t 2 \t \r\n\r\nno", "404 no", true)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200", true)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "204", true)]
    [InlineData(
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        "200 ok",
        true
    )]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "200 ok", false)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 ok", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n", "200 ok", false)]
    public async Task ALengthEndsIt(string answer, string expected, bool stays) =>
        await PassesAsync(answer, expected, stays);

    [Fact]
    public async Task EachAnswersHeadersAreItsOwn()
    {
        const string body = "Content-Length: 0\r\n\r\n";
        await using var instance = Scripted.Saying(
            $"HTTP/1.1 200 OK\r\nX-A: 1\r\nX-B: 1\r\n{body}",
            $"HTTP/1.1 200 OK\r\nX-A: 2\r\nX-B:1\r\n{body}",
            $"HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\n{body}",
            $"HTTP/1.1 200 OK\r\nX-B: 1\r\n{body}"
        );
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        var seen = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            var lines = (await RawClient.AskAsync(rig, Get)).Split("\r\n");
            seen.Add(string.Join(' ', lines.Where(l => l.StartsWith("X-", StringComparison.Ordinal))));
        }

        Assert.Equal(["X-A: 1 X-B: 1", "X-A: 2 X-B: 1", "X-A: 1 X-A: 2", "X-B: 1"], seen);
        Assert.All(instance.Requests, r => Assert.Equal(1, r.Connection));
    }

    [Theory]
    [InlineData("Connection: close")]
    [InlineData("Connection: Upgrade, close\r\nUpgrade: websocket")]
    public async Task WhatItSaysOfItsConnectionReachesNoClient(string asked)
    {
        await using var instance = Scripted.Saying(
            "HTTP/1.1 200 OK\r\nConnection: X-Internal, keep-alive\r\nX-Internal: 1\r\nKeep-Alive: timeout=5\r\n"
                + "Proxy-Connection: keep-alive\r\nTE: trailers\r\nUpgrade: h2c\r\nX-Other: 1\r\n"
                + "Content-Length: 2\r\n\r\nok"
        );
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        var answer = await RawClient.AskAsync(rig, $"GET / HTTP/1.1\r\nHost: bank.localhost\r\n{asked}\r\n\r\n");

        Assert.Equal("200 ok", RawClient.Short(answer));
        string[] seen = [.. answer.Split("\r\n").Select(line => line.Split(": ")[0])];
        Assert.Contains("X-Other", seen);
        Assert.Empty(seen.Intersect(["X-Internal", "Keep-Alive", "Proxy-Connection", "TE", "Upgrade"]));
        Assert.DoesNotContain("X-Internal", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("2\r\nok\r\n0\r\n\r\n", "200 2\r\nok\r\n0\r\n\r\n")]
    [InlineData("1;name=value\r\no\r\n1\r\nk\r\n0\r\nX-Trailer: 1\r\n\r\n", "200 2\r\nok\r\n0\r\n\r\n")]
    [InlineData("0000A\r\n0123456789\r\n00\r\n\r\n", "200 a\r\n0123456789\r\n0\r\n\r\n")]
    [InlineData("0\r\n\r\n", "200 0\r\n\r\n")]
    public async Task ChunksAreTakenApartAndMadeAnew(string body, string expected) =>
        await PassesAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n" + body, expected, stays: true);

    [Fact]
    public async Task WithoutALengthTheConnectionsEndIsTheBodys() =>
        await PassesAsync(
            $"HTTP/1.1 200 OK\r\n\r\nall of it{Scripted.Close}",
            "200 9\r\nall of it\r\n0\r\n\r\n",
            stays: false
        );

    /// <summary>Where it says what would follow, some send it all the same: nobody else gets that connection.</summary>
    [Theory]
    [InlineData("HEAD", "200 OK\r\nContent-Length: 0", "200", true)]
    [InlineData("HEAD", "200 OK\r\nContent-Length: 500", "200", false)]
    [InlineData("HEAD", "200 OK\r\nTransfer-Encoding: chunked", "200", false)]
    [InlineData("HEAD", "200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5", "502", false)]
    [InlineData("GET", "304 Not Modified", "304", true)]
    [InlineData("GET", "304 Not Modified\r\nContent-Length: 5", "304", false)]
    public async Task NoBodyFollowsAnAnswerWithoutOne(string method, string answer, string status, bool stays)
    {
        await using var instance = Scripted.Saying($"HTTP/1.1 {answer}\r\n\r\n");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);
        var asks = $"{method} / HTTP/1.1\r\nHost: bank.localhost\r\nConnection: close\r\n\r\n";

        for (var i = 0; i < 2; i++)
            Assert.Equal(status, RawClient.Short(await RawClient.AskAsync(rig, asks))[..3]);

        Assert.Equal(stays ? [1, 1] : [1, 2], instance.Requests.Select(r => r.Connection));
    }

    [Theory]
    [InlineData("Content-Length: 2\r\nContent-Length: 2\r\n\r\nok", "its length twice")]
    [InlineData("Content-Length: 2, 2\r\n\r\nok", "Content-Length is no number")]
    [InlineData("Content-Length: +2\r\n\r\nok", "Content-Length is no number")]
    [InlineData("Content-Length: 0x2\r\n\r\nok", "Content-Length is no number")]
    [InlineData("Content-Length: -1\r\n\r\nok", "Content-Length is no number")]
    [InlineData("Content-Length: 9999999999999999999\r\n\r\nok", "Content-Length is no number")]
    [InlineData("Content-Length:\r\n\r\n", "Content-Length is no number")]
    [InlineData("Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "where none may be")]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n0\r\n\r\n", "where none may be")]
    [InlineData("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "not just chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "not just chunked")]
    [InlineData("Transfer-Encoding: \u000bchunked\r\n\r\n0\r\n\r\n", "control characters")]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", "no proper name")]
    [InlineData("X: 1\r\n folded\r\nContent-Length: 2\r\n\r\nok", "no proper name")]
    [InlineData(": nameless\r\nContent-Length: 2\r\n\r\nok", "no proper name")]
    [InlineData("no colon\r\nContent-Length: 2\r\n\r\nok", "no proper name")]
    [InlineData("X: a\0b\r\nContent-Length: 2\r\n\r\nok", "control characters")]
    [InlineData("X: a\rb\r\nContent-Length: 2\r\n\r\nok", "control characters")]
    [InlineData("Content-Length: 2\n\r\nok", "without CR")]
    public async Task AHeadWithTwoMeaningsIsABadGateway(string rest, string why) =>
        await IsRefusedAsync("HTTP/1.1 200 OK\r\n" + rest, why);

    [Theory]
    [InlineData("HTTP/1.1 101 Switching\r\n\r\n", "switches protocols")]
    [InlineData("HTTP/1.1 204 None\r\nContent-Length: 2\r\n\r\nok", "content follows a status 204")]
    [InlineData("HTTP/1.1 204 None\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "content follows a status 204")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "where none may be")]
    [InlineData("HTTP/2 200\r\nContent-Length: 2\r\n\r\nok", "does not begin as HTTP/1.1")]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n", "its status")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", "its status")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n", "its status")]
    [InlineData("HTTP/1.1 600 OK\r\n\r\n", "its status")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n", "does not begin as HTTP/1.1")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", "does not begin as HTTP/1.1")]
    [InlineData("", "closed the connection")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", "closed the connection")]
    public async Task WhatIsNoAnswerIsABadGateway(string answer, string why) =>
        await IsRefusedAsync(answer + Scripted.Close, why);

    [Fact]
    public async Task TooManyOrTooLongHeadersAreABadGateway()
    {
        var many = string.Concat(Enumerable.Range(0, 129).Select(i => $"X-{i}: 1\r\n"));
        await IsRefusedAsync($"HTTP/1.1 200 OK\r\n{many}\r\n", "more than 128 headers");
        await IsRefusedAsync($"HTTP/1.1 200 OK\r\nX: {new string('x', 40_000)}\r\n\r\n", "a line is too long");
        var interim = string.Concat(Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 17));
        await IsRefusedAsync(interim, "too many interim answers");
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\nok<close>")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n<close>")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n<close>")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nokay\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n-1\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1 \r\nx\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0x1\r\nx\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n8000000000000000\r\nx")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nno trailer\r\n\r\n")]
    public async Task ABodyCutShortOrMalformedIsNeverPassedForWhole(string rest)
    {
        await using var instance = Scripted.Saying("HTTP/1.1 200 OK\r\n" + rest);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        var answer = await RawClient.AskAsync(rig, Get);
        var again = await RawClient.AskAsync(rig, Get);

        Assert.DoesNotContain("\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
        var isWhole =
            answer.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)
            && answer.Contains("Content-Length: 2\r\n", StringComparison.Ordinal);
        Assert.False(isWhole, answer);
        Assert.NotEmpty(again);
        Assert.Equal([1, 2], instance.Requests.Select(r => r.Connection));
    }

    static async Task PassesAsync(string answer, string expected, bool stays)
    {
        await using var instance = Scripted.Saying(answer);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        Assert.Equal(expected, RawClient.Short(await RawClient.AskAsync(rig, Get)));
        Assert.Equal(expected, RawClient.Short(await RawClient.AskAsync(rig, Get)));

        Assert.Equal(stays ? [1, 1] : [1, 2], instance.Requests.Select(r => r.Connection));
    }

    static async Task IsRefusedAsync(string answer, string why)
    {
        await using var instance = Scripted.Saying(answer);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        foreach (var _ in Enumerable.Range(0, 2))
        {
            var refused = RawClient.Short(await RawClient.AskAsync(rig, Get));
            Assert.StartsWith("502", refused, StringComparison.Ordinal);
            Assert.Contains(why, refused, StringComparison.Ordinal);
        }
        Assert.Equal([1, 2], instance.Requests.Select(r => r.Connection));
    }
}
