using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAServiceIsHalted : IAsyncLifetime
{
    readonly TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly SemaphoreSlim begun = new(0);
    Instance bank = null!;
    Rig rig = null!;

    public async ValueTask InitializeAsync()
    {
        bank = await Instance.StartAsync(AnswerAsync);
        rig = await Rig.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        release.TrySetResult();
        await rig.DisposeAsync();
        await bank.DisposeAsync();
        begun.Dispose();
    }

    [Fact]
    public async Task RequestsUnderWayGoOnToTheirEnd()
    {
        await rig.PutAsync(Route(onHalt: null));
        var asked = rig.AskAsync();
        await begun.WaitAsync();

        await rig.PutAsync(Route(onHalt: null, halted: "double postings"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await rig.AskAsync()).Status);
        release.SetResult();

        Assert.Equal((HttpStatusCode.OK, "done"), ((await asked).Status, (await asked).Body));
    }

    [Fact]
    public async Task TheyAreCutOffWhereTheManifestSaysSo()
    {
        await rig.PutAsync(Route(InFlight.Cut));
        var asked = Enumerable.Range(0, 3).Select(_ => rig.AskAsync()).ToList();
        foreach (var _ in asked)
            await begun.WaitAsync();

        await rig.PutAsync(Route(InFlight.Cut, halted: "double postings"));

        foreach (var (status, body, _) in await Task.WhenAll(asked))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("bank is halted: double postings", body, StringComparison.Ordinal);
        }
        Assert.Empty((await rig.ReportAsync()).Past);
    }

    [Fact]
    public async Task TheyAreCutOffAtAnInstanceOfHttp2Too()
    {
        using var aborted = new SemaphoreSlim(0);
        await using var other = await Instance.StartAsync(
            context =>
            {
                context.RequestAborted.Register(() => aborted.Release());
                return AnswerAsync(context);
            },
            HttpProtocols.Http2
        );
        var arm = new Arm(Mark.Parse("bank-1"), [other.As(2)], OnHalt: InFlight.Cut, Protocol: Protocol.H2c);
        await rig.PutAsync(Route(InFlight.Cut) with { Baseline = arm });
        var asked = rig.AskAsync();
        await begun.WaitAsync();
        using var answer = await rig.Client.GetAsync("?begin", HttpCompletionOption.ResponseHeadersRead);
        await begun.WaitAsync();

        await rig.PutAsync(Route(InFlight.Cut, halted: "double postings") with { Baseline = arm });

        Assert.Contains("bank is halted: double postings", (await asked).Body, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync());
        Assert.True(await aborted.WaitAsync(Rig.Late));
        Assert.True(await aborted.WaitAsync(Rig.Late));
    }

    [Fact]
    public async Task AHaltOfEverythingCutsThemToo()
    {
        await rig.PutAsync(new RouteTable(1, null, [Route(InFlight.Cut)]));
        var asked = rig.AskAsync();
        await begun.WaitAsync();

        await rig.PutAsync(new RouteTable(2, "fire", [Route(InFlight.Cut)]));

        Assert.Contains("halted: fire", (await asked).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatHasBegunIsBrokenOff()
    {
        await rig.PutAsync(Route(InFlight.Cut));
        using var answer = await rig.Client.GetAsync("?begin", HttpCompletionOption.ResponseHeadersRead);
        await begun.WaitAsync();

        await rig.PutAsync(Route(InFlight.Cut, halted: "x"));

        await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync());
    }

    /// <summary>So is one that its client does not take.</summary>
    [Fact]
    public async Task WhoReadsNothingIsNotWaitedFor()
    {
        await using var endless = await Endless.StartAsync();
        var arm = new Arm(Mark.Parse("bank-1"), [endless.As(2)], OnHalt: InFlight.Cut);
        await rig.PutAsync(Route(InFlight.Cut) with { Baseline = arm });
        using var client = await RawConnection.ToAsync(rig.Address);
        await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n");
        await endless.FullAsync();

        await rig.PutAsync(Route(InFlight.Cut, halted: "double postings") with { Baseline = arm });

        var report = await rig.ReportAsync(r => r.Instances.Sum(i => i.InFlight) == 0);
        Assert.Empty(report.Past);
    }

    [Fact]
    public async Task AWebSocketIsBrokenOffAndAfterTheHaltAnotherCanBeOpened()
    {
        await rig.PutAsync(Route(InFlight.Cut));
        using (var socket = await OpenAsync())
        {
            await rig.PutAsync(Route(InFlight.Cut, halted: "x"));
            await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[9], default));
        }

        await rig.PutAsync(Route(InFlight.Cut));
        using var again = await OpenAsync();

        Assert.Equal(WebSocketState.Open, again.State);
    }

    [Fact]
    public async Task AfterItRequestsGoThroughAgain()
    {
        await rig.PutAsync(Route(InFlight.Cut));
        await rig.PutAsync(Route(InFlight.Cut, halted: "x"));
        await rig.PutAsync(Route(InFlight.Cut));
        release.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await rig.AskAsync()).Status);
    }

    async Task<ClientWebSocket> OpenAsync()
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{rig.Address.Port}/s/bank/"), default);
        await begun.WaitAsync();
        return socket;
    }

    async Task AnswerAsync(HttpContext context)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            begun.Release();
            await release.Task;
            return;
        }
        if (context.Request.QueryString.HasValue)
            await context.Response.WriteAsync("first ");
        begun.Release();
        await release.Task;
        await context.Response.WriteAsync("done");
    }

    ServiceRoute Route(InFlight? onHalt, string? halted = null) =>
        new(new ServiceName("bank"), halted, new Arm(Mark.Parse("bank-1"), [bank.As(1)], OnHalt: onHalt), null);
}
