using System.Net.WebSockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAWebSocketIsSilent
{
    const int Messages = 8;

    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(900);
    static readonly TimeSpan Late = Rig.Late;

    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task OnBothSidesForLongItIsEndedOnBothSides(Protocol protocol)
    {
        var ended = new TaskCompletionSource<Exception?>();
        await using var bank = await StartAsync(
            async socket => ended.SetResult(await Record.ExceptionAsync(() => HearAsync(socket))),
            protocol
        );
        await using var rig = await StartAsync(bank, idleMilliseconds: 6_000, protocol);
        using var client = await OpenAsync(rig);

        await Assert.ThrowsAsync<WebSocketException>(() => HearAsync(client).WaitAsync(Late));

        Assert.IsType<WebSocketException>(await ended.Task.WaitAsync(Late));
        await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
    }

    /// <summary>For longer in all than it may be silent.</summary>
    [Theory]
    [InlineData(Protocol.Http1, true)]
    [InlineData(Protocol.Http1, false)]
    [InlineData(Protocol.H2c, true)]
    [InlineData(Protocol.H2c, false)]
    public async Task OnOneSideOnlyItStaysOpen(Protocol protocol, bool clientTalks)
    {
        await using var bank = await StartAsync(socket => PartAsync(socket, !clientTalks), protocol);
        var less = (int)(Messages * Pace.TotalMilliseconds * 0.8);
        await using var rig = await StartAsync(bank, less, protocol);
        using var client = await OpenAsync(rig);

        await PartAsync(client, clientTalks).WaitAsync(Late);

        Assert.Equal(WebSocketState.Open, client.State);
    }

    /// <summary>Who has heard everything says so, and who talks waits for that.</summary>
    static async Task PartAsync(WebSocket socket, bool talks)
    {
        if (!talks)
        {
            for (var i = 0; i < Messages; i++)
                await HearAsync(socket);
            await SayAsync(socket);
            return;
        }
        using var pace = new PeriodicTimer(Pace);
        for (var i = 0; i < Messages; i++)
        {
            await pace.WaitForNextTickAsync();
            await SayAsync(socket);
        }
        await HearAsync(socket);
    }

    static Task SayAsync(WebSocket socket) =>
        socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, default);

    static async Task HearAsync(WebSocket socket) =>
        Assert.Equal(5, (await socket.ReceiveAsync(new byte[9], default)).Count);

    static async Task<ClientWebSocket> OpenAsync(Rig rig)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{rig.Address.Port}/s/bank/"), default);
        return socket;
    }

    static Task<Instance> StartAsync(Func<WebSocket, Task> talk, Protocol protocol) =>
        Instance.StartAsync(
            async context =>
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await talk(socket);
            },
            protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1
        );

    static async Task<Rig> StartAsync(Instance bank, int idleMilliseconds, Protocol protocol)
    {
        var rig = await Rig.StartAsync();
        var alone = Rig.Alone(bank);
        var limits = Rig.Patient with { IdleMilliseconds = idleMilliseconds };
        var arm = alone.Baseline! with { Timeouts = limits, Protocol = protocol };
        await rig.PutAsync(alone with { Baseline = arm });
        return rig;
    }
}
