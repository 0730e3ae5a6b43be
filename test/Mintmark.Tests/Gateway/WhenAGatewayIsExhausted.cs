using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway;
using Mintmark.Route;
using Mintmark.Tests.Run;
using Xunit;

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
        Assert.Equal(["answered", "exhausted", "exhausted", "exhausted", "answered"], Outcomes(home));
        Directory.Delete(home, recursive: true);
    }

    static Process Start(string home, IPEndPoint place) =>
        Process.Start(
            new ProcessStartInfo(
                Path.Combine(AppContext.BaseDirectory, "Mintmark.Gateway"),
                ["--home", home, "--listen", $"{place}", "--client-limits", "connections=100"]
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
