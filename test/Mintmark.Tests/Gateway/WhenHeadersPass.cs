using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenHeadersPass
{
    static readonly RequestDelegate Echo = async context =>
    {
        context.Response.Headers["Mint-Mark"] = "bank-99";
        context.Response.Headers["Mint-Secret"] = "mine";
        context.Response.Headers["X-Kept"] = "caf\u00e9";
        foreach (var (name, values) in context.Request.Headers.OrderBy(h => h.Key, StringComparer.Ordinal))
            await context.Response.WriteAsync($"{name}: {values}\n");
    };

    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task WhatClientsForgeIsReplaced(Protocol protocol)
    {
        var seen = await AskAsync(
            "Mint-Mark: bank-5\r\nMint-Request: x\r\nmint-anything: x\r\nMint-Client: alice\r\n"
                + "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\n"
                + "X-Forwarded-Prefix: /evil\r\nForwarded: for=evil\r\nX_Real_IP: evil\r\n",
            protocol
        );

        Assert.Contains("\nMint-Client: alice\n", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\nMint-Request: bank-1.1.", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\nX-Forwarded-For: 127.0.0.1\n", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\nX-Forwarded-Proto: http\n", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\nX-Forwarded-Host: bank.localhost\n", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("evil", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("bank-5", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("mint-anything", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task HopByHopHeadersStayOnTheirHop(Protocol protocol)
    {
        var seen = await AskAsync(
            "Connection: X-Hop, x-forwarded-for\r\nX-Hop: 1\r\nKeep-Alive: timeout=9\r\nTE: gzip\r\n"
                + "Proxy-Authorization: Basic eA==\r\nX-Kept: 1\r\n",
            protocol
        );

        Assert.Contains("\nX-Kept: 1\n", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\nX-Forwarded-For: 127.0.0.1\n", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("X-Hop", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\nKeep-Alive", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\nTE:", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\nProxy-Authorization:", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Connection: keep-alive, X-Hop")]
    [InlineData("Connection: X-Hop , Keep-Alive")]
    [InlineData("Connection: close, X-Hop")]
    [InlineData("Connection: close\r\nConnection: X-Hop")]
    [InlineData("Connection: X-Hop\r\nConnection: x, CLOSE")]
    [InlineData("Connection: , X-Hop,, keep-alive,")]
    public async Task WhatIsNamedBesideAWordOfTheWebServersStaysOnItsHopToo(string connection)
    {
        foreach (var protocol in new[] { Protocol.Http1, Protocol.H2c })
        {
            var seen = await AskAsync($"{connection}\r\nX-Hop: 1\r\nX-Kept: 1\r\n", protocol);

            Assert.Contains("\nX-Kept: 1\n", seen, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("X-Hop", seen, StringComparison.OrdinalIgnoreCase);
            var closes = connection.Contains("close", StringComparison.OrdinalIgnoreCase);
            Assert.Equal(closes, seen.Contains("\nConnection: close\n", StringComparison.OrdinalIgnoreCase));
        }
    }

    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task WhatIsNamedMayBeOfTheBody(Protocol protocol)
    {
        var seen = await AskAsync(
            "Connection: content-language, content-length\r\nContent-Language: de\r\nContent-Type: text/plain\r\n"
                + "Content-Length: 2\r\n",
            protocol,
            body: "hi"
        );

        Assert.DoesNotContain("Content-Language", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\nContent-Type: text/plain\n", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\nContent-Length: 2\n", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task TheInstanceCannotForgeItsMark(Protocol protocol)
    {
        var seen = await AskAsync("", protocol);

        Assert.Contains("\nMint-Mark: bank-1\n", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("bank-99", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Mint-Secret", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task BytesBeyondAsciiPassUnchanged(Protocol protocol)
    {
        var seen = await AskAsync("X-Name: J\u00fcrgen\r\n", protocol);

        Assert.Contains("\nX-Kept: caf\u00e9\n", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\nX-Name: ", seen, StringComparison.OrdinalIgnoreCase);
        Assert.Contains(" 200 OK", seen.Split('\n')[0], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The whole answer, head and body, with plain line ends.</summary>
    static async Task<string> AskAsync(string headers, Protocol protocol, string body = "")
    {
        var speaks = protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1;
        await using var instance = await Instance.StartAsync(Echo, speaks);
        await using var rig = await Rig.StartAsync();
        var route = Rig.Alone(instance);
        await rig.PutAsync(route with { Baseline = route.Baseline! with { Protocol = protocol } });
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Address);
        var stream = connection.GetStream();
        var head = $"GET / HTTP/1.1\r\nHost: bank.localhost\r\n{headers}\r\n{body}";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head));
        var answer = "";
        var buffer = new byte[4_096];
        while (!answer.EndsWith("\r\n0\r\n\r\n", StringComparison.OrdinalIgnoreCase))
        {
            var read = await stream.ReadAsync(buffer);
            Assert.True(read > 0, $"the answer ends early: {answer}");
            answer += Encoding.Latin1.GetString(buffer, 0, read);
        }
        return answer.ReplaceLineEndings("\n");
    }
}
