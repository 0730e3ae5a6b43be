using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Gateway;
using Mintmark.Route;
using Mintmark.Server;
using Mintmark.Tests.Run;
using Xunit;
using static Mintmark.Releases.Protocol;

namespace Mintmark.Tests.Gateway;

/// <summary>A process of its own, from which the system takes the right to have any more descriptors.</summary>
public sealed class WhenAGatewayIsExhausted
{
    [Fact]
    public async Task ItSaysSoAndNoInstanceIsBlamed()
    {
        await using var bank = await Instance.StartAsync(context =>
        {
            // Each request needs a connection of its own.
            context.Response.Headers.Connection = "close";
            context.Response.ContentLength = 2;
            return context.Response.WriteAsync("ok");
        });
        var home = Directory.CreateTempSubdirectory("mintmark-exhausted-").FullName;
        new KeptTable(GatewayFolder.Open(home, name: null)).Keep(new RouteTable(1, null, [Rig.Alone(bank)]));
        var place = Rig.FreePlace();
        using var child = new Child(Start(home, place));
        var gateway = child.Process;
        var saying = gateway.StandardError.ReadToEndAsync();
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(home, "gateway", "pid")), "it serves");
        using var client = await RawConnection.ToAsync(place);
        // The threads that .NET makes for the first of them take descriptors too.
        for (var i = 0; i < 50; i++)
            Assert.Contains("200 OK", await AskAsync(client, "ok"), StringComparison.Ordinal);

        await LimitAsync(gateway, "3:");
        for (var i = 0; i < 3; i++)
        {
            var answer = await AskAsync(client, "}");
            Assert.StartsWith("HTTP/1.1 503", answer, StringComparison.Ordinal);
            Assert.Contains("no descriptor, no port or no memory left", answer, StringComparison.Ordinal);
        }
        await LimitAsync(gateway, "1000:");
        Assert.Contains("200 OK", await AskAsync(client, "ok"), StringComparison.Ordinal);

        Process.Start("kill", [$"{gateway.Id}"]).Dispose();
        await gateway.WaitForExitAsync();
        Assert.Single((await saying).Split('\n'), line => line.Contains("no connection to an instance"));
        Assert.Equal(["exhausted", "exhausted", "exhausted", "answered"], Outcomes(home).Skip(50));
        Directory.Delete(home, recursive: true);
    }

    /// <summary>
    /// Each takes a descriptor as it is loaded, and .NET does not try again to load one that it could not.
    /// </summary>
    [Fact]
    public async Task ALibraryThatItUsesIsLoadedBeforeAnybodyComes()
    {
        using var certified = new Certified();
        await using var bank = await Instance.StartAsync(AnswerAsync);
        await using var other = await Instance.StartAsync(AnswerAsync, HttpProtocols.Http2);
        var arm = Rig.Alone(bank).Baseline! with
        {
            Mark = Mintmark.Releases.Mark.Parse("other-1"),
            Targets = [other.As(3)],
            Protocol = H2c,
        };
        var table = new RouteTable(1, null, [Rig.Bank(bank, bank), new(new("other"), null, arm, null)]);
        var home = Directory.CreateTempSubdirectory("mintmark-libraries-").FullName;
        var (place, tls, http2) = (Rig.FreePlace(), Rig.FreePlace(), Rig.FreePlace());
        string[] keys = ["--certificate", certified.Paths.Certificate, "--key", certified.Paths.Key];
        using var child = new Child(Start(home, place, ["--tls", $"{tls}", "--h2c", $"{http2}", .. keys]));
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(home, "gateway", "pid")), "it serves");
        var before = Libraries(child.Process);

        await UseAsync(home, table, place, tls, http2);

        var late = string.Join(' ', Libraries(child.Process).Except(before).Order());
        Assert.True(late.Length == 0, $"loaded late: {late}");
        child.Process.Kill();
        await child.Process.WaitForExitAsync();
        Directory.Delete(home, recursive: true);
    }

    static async Task AnswerAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, true, default);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
            return;
        }
        await context.Request.Body.CopyToAsync(context.Response.Body);
    }

    /// <summary>In all the ways that there are.</summary>
    static async Task UseAsync(string home, RouteTable table, IPEndPoint place, IPEndPoint tls, IPEndPoint http2)
    {
        using var control = new GatewayClient(Path.Combine(home, "gateway", "control.sock"));
        await control.PutAsync(table, default);
        using var client = new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => Certified.IsOurs(shown) },
            }
        );
        Uri[] addresses = [new($"http://{place}"), new($"https://{tls}"), new($"http://{http2}")];
        foreach (var (address, version) in addresses.Zip([1, 2, 2]))
        {
            foreach (var path in new[] { "/s/bank/", "/s/other/", "/s/nobody/" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, path))
                {
                    Version = version == 1 ? HttpVersion.Version11 : HttpVersion.Version20,
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    Content = new StringContent("all of it"),
                };
                using var answer = await client.SendAsync(request);
                var isHere = path != "/s/nobody/";
                Assert.True(
                    answer.IsSuccessStatusCode == isHere,
                    $"{address}{path}: {await answer.Content.ReadAsStringAsync()}"
                );
            }
        }
        foreach (var service in new[] { "bank", "other" })
        {
            using var socket = new ClientWebSocket();
            await socket.ConnectAsync(new Uri($"ws://{place}/s/{service}/"), default);
            await socket.ReceiveAsync(new byte[9], default);
        }
        using var malformed = await RawConnection.ToAsync(place);
        await malformed.SendAsync("GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n");
        Assert.Contains(" 400 ", await malformed.ReadAsync("\r\n\r\n"), StringComparison.Ordinal);
        await control.ReportAsync(0, default);
        await control.ClientsAsync(default);
        await control.ConditionAsync(default);
    }

    static HashSet<string> Libraries(Process process) =>
        [
            .. File.ReadLines($"/proc/{process.Id}/maps")
                .Where(line => line.EndsWith(".dll", StringComparison.Ordinal))
                .Select(line => Path.GetFileNameWithoutExtension(line)),
        ];

    static Process Start(string home, IPEndPoint place, params string[] doors) =>
        Process.Start(
            new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "Mintmark.Gateway"),
                ["--home", home, "--listen", $"{place}", "--client-limits", "connections=100", .. doors]
            )
            {
                RedirectStandardError = true,
            }
        )!;

    static async Task LimitAsync(Process process, string soft)
    {
        using var limiting = Process.Start("prlimit", ["--pid", $"{process.Id}", $"--nofile={soft}"]);
        await limiting.WaitForExitAsync();
        Assert.Equal(0, limiting.ExitCode);
    }

    static async Task<string> AskAsync(RawConnection client, string until)
    {
        await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n");
        return await client.ReadAsync(until);
    }

    /// <summary>In the order in which they came: lines of different processors may stand in another one.</summary>
    static string[] Outcomes(string home) =>
        [
            .. File.ReadLines(Path.Combine(home, "gateway", "access", "access.jsonl"))
                .Select(line => JsonDocument.Parse(line).RootElement)
                .OrderBy(line => line.GetProperty("at").GetDateTime())
                .Select(line => line.GetProperty("outcome").GetString()!),
        ];
}
