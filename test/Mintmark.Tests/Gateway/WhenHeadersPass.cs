using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Http;
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

    [Fact]
    public async Task WhatClientsForgeIsReplaced()
    {
        var seen = await AskAsync(
            "Mint-Mark: bank-5\r\nMint-Request: x\r\nmint-anything: x\r\nMint-Client: alice\r\n"
                + "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil\r\n"
                + "X-Forwarded-Prefix: /evil\r\n"
        );

        Assert.Contains("\nMint-Client: alice\n", seen, StringComparison.Ordinal);
        Assert.Contains("\nMint-Request: bank-1.1.", seen, StringComparison.Ordinal);
        Assert.Contains("\nX-Forwarded-For: 127.0.0.1\n", seen, StringComparison.Ordinal);
        Assert.Contains("\nX-Forwarded-Proto: http\n", seen, StringComparison.Ordinal);
        Assert.Contains("\nX-Forwarded-Host: bank.localhost\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("bank-5", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("mint-anything", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task HopByHopHeadersStayOnTheirHop()
    {
        var seen = await AskAsync(
            "Connection: X-Hop, x-forwarded-for\r\nX-Hop: 1\r\nKeep-Alive: timeout=9\r\nTE: gzip\r\n"
                + "Proxy-Authorization: Basic eA==\r\nX-Kept: 1\r\n"
        );

        Assert.Contains("\nX-Kept: 1\n", seen, StringComparison.Ordinal);
        Assert.Contains("\nX-Forwarded-For: 127.0.0.1\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Hop", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("\nKeep-Alive", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("\nTE:", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("\nProxy-Authorization:", seen, StringComparison.Ordinal);
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
        var seen = await AskAsync($"{connection}\r\nX-Hop: 1\r\nX-Kept: 1\r\n");

        Assert.Contains("\nX-Kept: 1\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Hop", seen, StringComparison.Ordinal);
        var closes = connection.Contains("close", StringComparison.OrdinalIgnoreCase);
        Assert.Equal(closes, seen.Contains("\nConnection: close\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TheInstanceCannotForgeItsMark()
    {
        var seen = await AskAsync("");

        Assert.Contains("\nMint-Mark: bank-1\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("bank-99", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("Mint-Secret", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BytesBeyondAsciiPassUnchanged()
    {
        var seen = await AskAsync("X-Name: J\u00fcrgen\r\n");

        Assert.Contains("\nX-Kept: caf\u00e9\n", seen, StringComparison.Ordinal);
        Assert.Contains("\nX-Name: ", seen, StringComparison.Ordinal);
        Assert.Contains(" 200 OK", seen.Split('\n')[0], StringComparison.Ordinal);
    }

    /// <summary>The whole answer, head and body, with plain line ends.</summary>
    static async Task<string> AskAsync(string headers)
    {
        await using var instance = await Instance.StartAsync(Echo);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Address);
        var stream = connection.GetStream();
        var head = $"GET / HTTP/1.1\r\nHost: bank.localhost\r\n{headers}\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head));
        var answer = "";
        var buffer = new byte[4_096];
        while (!answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer);
            Assert.True(read > 0, $"the answer ends early: {answer}");
            answer += Encoding.Latin1.GetString(buffer, 0, read);
        }
        return answer.ReplaceLineEndings("\n");
    }
}
