using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenRequestsAreLogged
{
    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task EachHasALineWithWhatBecameOfIt(Protocol protocol)
    {
        await using var bank = await Instance.StartAsync(
            async context =>
            {
                await context.Request.Body.CopyToAsync(Stream.Null);
                await context.Response.WriteAsync("booked");
            },
            protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1
        );
        await using var rig = await Rig.StartAsync();
        var route = Rig.Alone(bank);
        await rig.PutAsync(route with { Baseline = route.Baseline! with { Protocol = protocol } });

        using var answer = await rig.Client.PostAsync("accounts/7?iban=DE02", new ByteArrayContent(new byte[1_234]));
        var line = Assert.Single(await LinesAsync(rig));

        Assert.Equal(answer.Headers.GetValues("Mint-Request").Single(), line.GetProperty("request").GetString());
        Assert.Equal("bank-1", line.GetProperty("mark").GetString());
        Assert.Equal("bank", line.GetProperty("service").GetString());
        Assert.Equal("127.0.0.1", line.GetProperty("from").GetString());
        Assert.Equal("POST", line.GetProperty("method").GetString());
        Assert.Equal("/s/bank/accounts/7", line.GetProperty("path").GetString());
        Assert.Equal(200, line.GetProperty("status").GetInt32());
        Assert.Equal(1_234, line.GetProperty("in").GetInt64());
        Assert.Equal(6, line.GetProperty("out").GetInt64());
        Assert.Equal("answered", line.GetProperty("outcome").GetString());
        Assert.InRange(line.GetProperty("first").GetInt64(), 1, line.GetProperty("total").GetInt64());
        Assert.InRange(DateTime.UtcNow - line.GetProperty("at").GetDateTime(), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.False(line.TryGetProperty("client", out _));
        Assert.False(line.TryGetProperty("why", out _));
    }

    [Fact]
    public async Task ClientsAreToldApartAndNotNamed()
    {
        await using var old = await Instance.SayingAsync("1");
        await using var fresh = await Instance.SayingAsync("2");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh));

        string cookie;
        using (var first = await rig.Client.GetAsync(""))
            cookie = first.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        using (var request = new HttpRequestMessage(HttpMethod.Get, "") { Headers = { { "Cookie", cookie } } })
            (await rig.Client.SendAsync(request)).Dispose();
        await rig.AskAsync("alice@example.org");
        await rig.AskAsync("bob@example.org");
        await rig.AskAsync("alice@example.org");

        var lines = await LinesAsync(rig);
        var clients = lines.Select(l => l.GetProperty("client").GetString()!).ToList();
        Assert.Equal([0, 0, 2, 3, 2], clients.Select(c => clients.IndexOf(c)));
        var text = string.Concat(lines);
        Assert.DoesNotContain("alice", text, StringComparison.Ordinal);
        var secret = cookie.Split('=')[1];
        Assert.DoesNotContain(secret[..16], text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[32..48], text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: nowhere\r\nConnection: close\r\n\r\n", 404, "Unknown service")]
    [InlineData("GET /s/bank/a/../x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400, "Bad request")]
    [InlineData("GET /s/idle/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 503, "No version in service")]
    [InlineData("GET /s/held/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 503, "Halted")]
    public async Task RefusedOnesSayWhy(string request, int status, string why)
    {
        await using var bank = await Instance.SayingAsync("1");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(
            Rig.Alone(bank),
            new ServiceRoute(new("idle"), null, null, null),
            new ServiceRoute(new("held"), "the ledger is wrong", null, null)
        );

        var answer = await RawClient.AskAsync(rig, request);
        var line = Assert.Single(await LinesAsync(rig));

        Assert.Equal(status, line.GetProperty("status").GetInt32());
        Assert.Equal("refused", line.GetProperty("outcome").GetString());
        Assert.Equal(why, line.GetProperty("why").GetString());
        var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        Assert.Equal(body.Length, line.GetProperty("out").GetInt64());
        Assert.False(line.TryGetProperty("request", out _));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400, "Malformed")]
    [InlineData("GET /s/bank/ HTTP/1.1\r\nno header\r\n\r\n", 400, "Malformed")]
    [InlineData("nonsense\r\n\r\n", 400, "Malformed")]
    [InlineData("flood", 431, "Headers too large")]
    public async Task WhatIsNoRequestHasALineToo(string bytes, int status, string why)
    {
        await using var bank = await Instance.SayingAsync("1");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(bank));
        var headers = string.Concat(Enumerable.Range(0, 200).Select(i => $"a{i}: {new string('b', 300)}\r\n"));

        await RawClient.AskAsync(rig, bytes == "flood" ? $"GET /x?y HTTP/1.1\r\nHost: x\r\n{headers}\r\n" : bytes);
        var line = Assert.Single(await LinesAsync(rig));

        Assert.Equal((status, why), (line.GetProperty("status").GetInt32(), line.GetProperty("why").GetString()));
        Assert.Equal("refused", line.GetProperty("outcome").GetString());
        Assert.Equal("127.0.0.1", line.GetProperty("from").GetString());
        Assert.False(line.TryGetProperty("total", out _));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf" + Scripted.Close, "broken", 200)]
    [InlineData("what" + Scripted.Close, "broken", 502)]
    public async Task AnAnswerThatFailsSaysWhoseFaultItIs(string said, string outcome, int status)
    {
        await using var instance = Scripted.Saying(said);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(instance.Alone);

        await RawClient.AskAsync(rig, "GET /s/bank/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var line = Assert.Single(await LinesAsync(rig));

        Assert.Equal(outcome, line.GetProperty("outcome").GetString());
        Assert.Equal(status, line.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task OneWhoseClientWentAwayHasNoStatus()
    {
        var asked = new TaskCompletionSource();
        await using var bank = await Instance.StartAsync(async context =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(bank));

        using (var connection = new TcpClient())
        {
            await connection.ConnectAsync(rig.Address);
            await connection.GetStream().WriteAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
            await asked.Task;
        }
        var line = Assert.Single(await LinesAsync(rig));

        Assert.Equal("client", line.GetProperty("outcome").GetString());
        Assert.False(line.TryGetProperty("status", out _));
    }

    [Theory]
    [InlineData("http://ann:s3cret@bank.localhost/x?s3cret")]
    [InlineData("http://ann:s3/cret@bank.localhost/x")]
    [InlineData("ann:s3cret@bank.localhost:1")]
    public async Task APasswordInATargetIsNotInItsLine(string target)
    {
        await using var bank = await Instance.SayingAsync("1");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(bank));

        await RawClient.AskAsync(rig, $"GET {target} HTTP/1.1\r\nHost: bank.localhost\r\nConnection: close\r\n\r\n");
        var line = Assert.Single(await LinesAsync(rig));

        Assert.DoesNotContain("cret", line.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatClientsWriteStaysInsideItsLine()
    {
        await using var bank = await Instance.SayingAsync("1");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(bank));
        var path = $"/s/bank/\"}}\\u0022{new string('a', 2_000)}";

        await RawClient.AskAsync(rig, $"X'Y GET{path} HTTP/1.1\r\nHost: x\r\n\r\n");
        await RawClient.AskAsync(rig, $"{new string('M', 50)} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        var line = (await LinesAsync(rig))[^1];

        Assert.Equal(path[..1_024] + "…", line.GetProperty("path").GetString());
        Assert.Equal(new string('M', 32) + "…", line.GetProperty("method").GetString());
    }

    [Fact]
    public async Task NobodyElseMayReadThem()
    {
        await using var rig = await Rig.StartAsync();
        await rig.AskAsync();
        await rig.EndAsync();
        var folder = Path.Combine(rig.Home, "gateway", "access");
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        Assert.Equal(owner, File.GetUnixFileMode(Path.Combine(folder, "access.jsonl")));
        Assert.Equal(owner | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
    }

    [Fact]
    public async Task ItCanBeSwitchedOff()
    {
        await using var rig = await Rig.StartAsync(with: o => o with { AccessLog = null });
        await rig.AskAsync();
        await rig.EndAsync();

        Assert.False(Directory.Exists(Path.Combine(rig.Home, "gateway", "access")));
    }

    /// <summary>Once all requests are over, in the order in which they came: the file has them by processor.</summary>
    static async Task<List<JsonElement>> LinesAsync(Rig rig)
    {
        await rig.EndAsync();
        var file = Path.Combine(rig.Home, "gateway", "access", "access.jsonl");
        var lines = await File.ReadAllLinesAsync(file, Encoding.UTF8);
        return
        [
            .. lines.Select(l => JsonDocument.Parse(l).RootElement).OrderBy(l => l.GetProperty("at").GetDateTime()),
        ];
    }
}
