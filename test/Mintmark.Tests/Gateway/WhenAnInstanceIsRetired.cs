using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway;
using Mintmark.Gateway.Plain;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAnInstanceIsRetired
{
    [Fact]
    public async Task ItsRequestsInFlightAreReportedUntilTheLastIsDone()
    {
        var arrived = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        await using var leaving = await Instance.StartAsync(async context =>
        {
            arrived.Release();
            await release.Task;
            await context.Response.WriteAsync("finished");
        });
        await using var staying = await Instance.SayingAsync("staying");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(leaving));
        var asked = Enumerable.Range(0, 3).Select(_ => rig.AskAsync()).ToList();
        for (var i = 0; i < 3; i++)
            await arrived.WaitAsync();

        await rig.PutAsync(Rig.Bank(null, staying, share: 10_000));
        var draining = await rig.ReportAsync();
        await rig.PutAsync(Rig.Bank(null, staying, share: 10_000));
        var stillDraining = await rig.ReportAsync();
        release.SetResult();
        var drained = await rig.ReportAsync(r => r.Instances.All(i => i.Instance != new InstanceId(1)));

        Assert.Contains(new InstanceLoad(new InstanceId(1), 3), draining.Instances);
        Assert.Contains(new InstanceLoad(new InstanceId(1), 3), stillDraining.Instances);
        Assert.Equal([new InstanceLoad(new InstanceId(2), 0)], drained.Instances);
        Assert.All(await Task.WhenAll(asked), a => Assert.Equal("finished", a.Body));
    }

    [Fact]
    public void ItTakesNoRequestThatWasAssignedByTheTableBefore()
    {
        var changes = new Changes(TimeProvider.System);
        using var connections = new Connections(Connections.LongestIdle);
        var board = new Switchboard("gateway", changes, connections, TimeProvider.System);
        var arm = new Arm(Mark.Parse("bank-1"), [new Target(new InstanceId(1), 8_000)]);
        board.Put(new RouteTable(1, null, [new ServiceRoute(new ServiceName("bank"), null, arm, null)]));
        var target = board.Table.Targets[new InstanceId(1)];

        Assert.True(target.TryEnter());
        board.Put(new RouteTable(2, null, []));
        Assert.False(target.TryEnter());
        Assert.Equal([new InstanceLoad(new InstanceId(1), 1)], board.Report(0).Instances);
        board.Put(new RouteTable(3, null, [new ServiceRoute(new ServiceName("bank"), null, arm, null)]));
        Assert.True(target.TryEnter());
        Assert.Equal([new InstanceLoad(new InstanceId(1), 2)], board.Report(0).Instances);
    }

    [Fact]
    public async Task AnInstanceThatComesBackKeepsItsCount()
    {
        var arrived = new SemaphoreSlim(0);
        var release = new TaskCompletionSource();
        await using var instance = await Instance.StartAsync(async _ =>
        {
            arrived.Release();
            await release.Task;
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));
        var asked = rig.AskAsync();
        await arrived.WaitAsync();

        await rig.PutAsync(Rig.Bank(null, share: 0));
        await rig.PutAsync(Rig.Alone(instance));

        Assert.Equal([new InstanceLoad(new InstanceId(1), 1)], (await rig.ReportAsync()).Instances);
        release.SetResult();
        await asked;
        await rig.ReportAsync(r => r.Instances.Single().InFlight == 0);
    }

    [Fact]
    public async Task AnOpenWebSocketIsInFlightAndNeitherSlowNorInTheLatencies()
    {
        await using var instance = await Instance.StartAsync(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[64];
            var heard = await socket.ReceiveAsync(buffer, CancellationToken.None);
            await socket.SendAsync(
                buffer.AsMemory(0, heard.Count),
                WebSocketMessageType.Text,
                true,
                CancellationToken.None
            );
            await socket.ReceiveAsync(buffer, CancellationToken.None);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(null, instance, share: 10_000, slowMicroseconds: 0));
        using var client = new ClientWebSocket();
        client.Options.SetRequestHeader("Host", "bank.localhost");

        await client.ConnectAsync(new Uri($"ws://127.0.0.1:{rig.Address.Port}/"), CancellationToken.None);
        await client.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, true, CancellationToken.None);
        var buffer = new byte[64];
        var echo = await client.ReceiveAsync(buffer, CancellationToken.None);
        var open = await rig.ReportAsync();
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        var closed = await rig.ReportAsync(r => r.Instances.Single(i => i.Instance == new InstanceId(2)).InFlight == 0);

        Assert.Equal("ping", Encoding.UTF8.GetString(buffer, 0, echo.Count));
        Assert.Contains(new InstanceLoad(new InstanceId(2), 1), open.Instances);
        Assert.Equal(ArmTally.Of(1, 0), closed.Steps.Single().Candidate);
        Assert.Empty(closed.Latencies);
    }

    [Fact]
    public async Task ADrainLetsRequestsFinishAndTakesNoNewOnes()
    {
        var arrived = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var instance = await Instance.StartAsync(async context =>
        {
            arrived.SetResult();
            await release.Task;
            await context.Response.WriteAsync("finished");
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));
        var asked = rig.Client.GetStringAsync("");
        await arrived.Task;

        using var answer = await rig.DrainAsync();
        await rig.UntilDrainedAsync();
        var address = rig.Address;
        var ending = rig.EndAsync();
        await UntilRefusedAsync(address);
        release.SetResult();

        Assert.Equal("finished", await asked);
        await ending;
    }

    static async Task UntilRefusedAsync(IPEndPoint address)
    {
        while (true)
        {
            using var connection = new TcpClient();
            try
            {
                await connection.ConnectAsync(address);
            }
            catch (SocketException)
            {
                return;
            }
        }
    }
}
