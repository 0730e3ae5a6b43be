using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway;
using Mintmark.Gateway.Succession;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>What another one has taken the place of still has connections, and what came with them.</summary>
public sealed class WhenAGatewayLeaves
{
    [Fact]
    public async Task ClientsOfHttp2AreToldAtOnceAndWhatTheyHaveBegunIsAnswered()
    {
        var (came, going) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var instance = await LateAsync(came, going);
        var first = await Rig.StartAsync(with: o => o with { H2c = new IPEndPoint(IPAddress.Loopback, 0) });
        await first.PutAsync(Rig.Alone(instance));
        using var client = new TcpClient();
        await client.ConnectAsync(first.Addresses[^1]);
        await client.GetStream().WriteAsync(Ask());
        await came.Task;

        await using var next = await first.ReplaceAsync();
        var stopping = first.StopAsync();
        var told = await ReadAsync(client, until: RawFrames.GoAway);
        going.SetResult();
        var rest = await ReadAsync(client, until: null);
        await stopping;

        // Its last two fields are the last stream that is answered, and the reason: none.
        Assert.Equal(0, told[^1].Payload[7]);
        Assert.Contains(rest, frame => frame.Type == RawFrames.Data && Text(frame) == "late");
    }

    [Fact]
    public async Task WhatAClientOfHttp2SentBeforeItHeardOfItIsAnswered()
    {
        await using var instance = await Instance.SayingAsync("hello");
        var first = await Rig.StartAsync(with: o => o with { H2c = new IPEndPoint(IPAddress.Loopback, 0) });
        await first.PutAsync(Rig.Alone(instance));
        using var client = new TcpClient();
        await client.ConnectAsync(first.Addresses[^1]);
        await client.GetStream().WriteAsync(Ask());
        await ReadAsync(client, until: RawFrames.Data);

        await using var next = await first.ReplaceAsync();
        var told = await ReadAsync(client, until: RawFrames.GoAway);
        await client.GetStream().WriteAsync(Ask(stream: 3));
        var answer = await ReadAsync(client, until: RawFrames.Data);

        Assert.Equal([0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0], told[^1].Payload);
        Assert.Equal("hello", Text(answer[^1]));
        client.Close();
        await first.StopAsync();
    }

    /// <summary>Some clients take that for a failure of what they were about to ask.</summary>
    [Fact]
    public async Task AClientOfHttp2IsNotToldBeforeItHasAskedForAnything()
    {
        await using var instance = await Instance.SayingAsync("hello");
        var first = await Rig.StartAsync(with: o => o with { H2c = new IPEndPoint(IPAddress.Loopback, 0) });
        await first.PutAsync(Rig.Alone(instance));
        using var client = new TcpClient();
        await client.ConnectAsync(first.Addresses[^1]);
        await client.GetStream().WriteAsync(Greeting());
        await ReadAsync(client, until: RawFrames.Settings);

        await using var next = await first.ReplaceAsync();
        await client.GetStream().WriteAsync(RawFrames.Frame(RawFrames.Ping, 0, 0, new byte[8]));
        var told = await ReadAsync(client, until: RawFrames.Ping);
        await client.GetStream().WriteAsync(Ask(stream: 1));
        var answer = await ReadAsync(client, until: RawFrames.Data);

        Assert.DoesNotContain(told, frame => frame.Type == RawFrames.GoAway);
        Assert.Contains(answer, frame => frame.Type == RawFrames.GoAway);
        Assert.Equal("hello", Text(answer[^1]));
        client.Close();
        await first.StopAsync();
    }

    [Fact]
    public async Task WhoReadsSlowlyAtTheNextOneGetsAllOfTheAnswer()
    {
        var large = new string('x', 200_000);
        await using var instance = await Instance.SayingAsync(large);
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        await using var next = await first.ReplaceAsync();
        await first.StopAsync();
        using var client = await RawConnection.ToAsync(next.Address);

        await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        await client.ReadAsync("\r\n\r\n");
        await next.ConditionAsync(until: condition => condition.Connections.Open == 0);

        Assert.EndsWith("x\r\n0\r\n\r\n", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerOfItsOwnSaysThatItIsTheLast()
    {
        const string ask = "GET /s/bank/ HTTP/1.1\r\nHost: x\r\n\r\n";
        var instance = await Instance.SayingAsync("hello");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        using var client = await RawConnection.ToAsync(first.Address);
        await client.SendAsync(ask);
        await client.ReadAsync("\r\n0\r\n\r\n");

        await using var next = await first.ReplaceAsync();
        await instance.DisposeAsync();
        await client.SendAsync(ask);
        var answer = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 502 ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        await first.StopAsync();
    }

    [Fact]
    public async Task AWebSocketGoesOnUntilItIsClosed()
    {
        await using var instance = await Instance.StartAsync(EchoAsync);
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{first.Address}/s/bank/"), CancellationToken.None);
        Assert.Equal("one", await EchoedAsync(socket, "one"));

        await using var next = await first.ReplaceAsync();
        var stopping = first.StopAsync();

        Assert.Equal("two", await EchoedAsync(socket, "two"));
        Assert.Equal("three", await EchoedAsync(socket, "three"));
        Assert.False(stopping.IsCompleted);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        await stopping;
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task AStreamOfEventsComesToItsEnd()
    {
        var going = new TaskCompletionSource();
        await using var instance = await Instance.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await going.Task;
            await context.Response.WriteAsync("data: 2\n\n");
        });
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        using var answer = await first.Client.GetAsync("", HttpCompletionOption.ResponseHeadersRead);
        using var events = new StreamReader(await answer.Content.ReadAsStreamAsync());
        Assert.Equal("data: 1", await events.ReadLineAsync());

        await using var next = await first.ReplaceAsync();
        var stopping = first.StopAsync();
        Assert.False(stopping.IsCompleted);
        going.SetResult();

        Assert.Equal("\ndata: 2\n\n", await events.ReadToEndAsync());
        first.Client.Dispose();
        await stopping;
    }

    [Fact]
    public async Task ATableThatComesLaterIsSaidToBeNobodyElses()
    {
        await using var instance = await Instance.SayingAsync("hello");
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Alone(instance));
        var before = await first.TakerAsync(new RouteTable(2, null, [Rig.Alone(instance)]));
        await using var next = await first.ReplaceAsync();

        var after = await first.TakerAsync(new RouteTable(3, null, [Rig.Alone(instance)]));

        Assert.Equal(((await first.ReportAsync()).Gateway, false), before);
        Assert.Equal((before.Run, true), after);
        Assert.Equal(2, (await next.TableAsync()).Revision);
        await first.StopAsync();
    }

    /// <summary>The test is the gateway before, here too.</summary>
    [Fact]
    public async Task WhatItFoundWorseBeforeItGaveWayStaysOutOfTheNextOneThoughTheTableIsTheSame()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var bad = await Instance.SayingAsync("new");
        var home = Directory.CreateTempSubdirectory("mintmark-before-").FullName;
        var folder = GatewayFolder.Hold(home, name: null);
        new KeptTable(folder).Keep(new RouteTable(1, null, [Rig.Bank(old, bad, share: 10_000)]));
        using var door = Door();
        using var place = Place(folder);
        var starting = NextAsync(home, door);
        using var next = await place.AcceptAsync();
        Greet(next, folder, door);
        await next.ReceiveAsync(new byte[1]);

        var trips = new KeptTrips(folder);
        trips.Add(new ReleaseId(7), revision: 1);
        await trips.FinishAsync();
        await LeaveAsync(place, folder, next);
        await using var rig = await starting;

        Assert.True((await rig.ReportAsync()).Steps[0].Tripped);
        Assert.Equal("old", (await rig.AskAsync()).Body);
    }

    [Fact]
    public async Task WhatItFindsWorseAfterItGaveWayIsNotWrittenOverWhatTheNextOneKeeps()
    {
        var home = Directory.CreateTempSubdirectory("mintmark-trips-").FullName;
        var folder = GatewayFolder.Open(home, name: null);
        var (trips, next) = (new KeptTrips(folder), new KeptTrips(folder));
        trips.Add(new ReleaseId(7), revision: 1);
        await trips.FinishAsync();
        trips.GiveWay();
        next.Read();
        next.Add(new ReleaseId(8), revision: 1);
        await next.FinishAsync();

        trips.Add(new ReleaseId(9), revision: 1);
        await trips.FinishAsync();

        var kept = new KeptTrips(folder);
        Assert.Equal([true, true, false], new[] { 7, 8, 9 }.Select(id => kept.Has(new ReleaseId(id))));
        Directory.Delete(home, recursive: true);
    }

    /// <summary>The test is the gateway before, so that it can take its time.</summary>
    [Fact]
    public async Task TheNextOneLetsNobodyInBeforeItGoesByTheLastTableThatWasConfirmed()
    {
        await using var instance = await Instance.SayingAsync("hello");
        var home = Directory.CreateTempSubdirectory("mintmark-before-").FullName;
        var folder = GatewayFolder.Hold(home, name: null);
        using var door = Door();
        using var place = Place(folder);
        new KeptTable(folder).Keep(new RouteTable(1, null, [Rig.Alone(instance)]));
        var starting = NextAsync(home, door);
        using var next = await place.AcceptAsync();
        Greet(next, folder, door);
        await next.ReceiveAsync(new byte[1]);
        // It listens now, and asks us to give way.
        using var client = await RawConnection.ToAsync((IPEndPoint)door.LocalEndPoint!);
        await client.SendAsync("GET /s/bank/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        new KeptTable(folder).Keep(new RouteTable(2, null, [Rig.Alone(instance) with { Halted = "fire" }]));
        await LeaveAsync(place, folder, next);
        var rig = await starting;

        Assert.Contains("is halted: fire", await client.ReadToEndAsync(), StringComparison.Ordinal);
        await rig.DisposeAsync();
    }

    [Fact]
    public async Task NobodyElseGetsTheFolderWhileItChangesHands()
    {
        var home = Directory.CreateTempSubdirectory("mintmark-before-").FullName;
        var folder = GatewayFolder.Hold(home, name: null);
        new KeptTable(folder).Keep(new RouteTable(1, null, []));
        using var door = Door();
        using var place = Place(folder);
        var starting = NextAsync(home, door);
        using var next = await place.AcceptAsync();
        Greet(next, folder, door);
        await next.ReceiveAsync(new byte[1]);

        folder.Dispose();
        var refused = await Assert.ThrowsAsync<CannotStartException>(() => Rig.StartAsync(home));
        await LeaveAsync(place, folder, next);
        await using var rig = await starting;

        Assert.Equal(GatewayExit.Held, refused.Exit);
        Assert.Equal(1, (await rig.TableAsync()).Revision);
    }

    static Socket Door()
    {
        var door = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        door.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        door.Listen();
        return door;
    }

    static Socket Place(GatewayFolder folder)
    {
        var place = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        place.Bind(new UnixDomainSocketEndPoint(folder.HandoverSocket));
        place.Listen();
        return place;
    }

    static void Greet(Socket next, GatewayFolder folder, Socket door) =>
        Descriptors.Send(next, "1"u8, [(int)folder.Held.DangerousGetHandle(), (int)door.Handle]);

    static async Task LeaveAsync(Socket place, GatewayFolder folder, Socket next)
    {
        place.Dispose();
        folder.Dispose();
        await next.SendAsync(Heir.Left);
        next.Dispose();
    }

    static Task<Rig> NextAsync(string home, Socket door) =>
        Task.Run(() =>
            Rig.StartAsync(
                home,
                o => o with { Replace = true, Listen = (IPEndPoint)door.LocalEndPoint!, AccessLog = null }
            )
        );

    static Task<Instance> LateAsync(TaskCompletionSource came, TaskCompletionSource going) =>
        Instance.StartAsync(async context =>
        {
            came.TrySetResult();
            await going.Task;
            await context.Response.WriteAsync("late");
        });

    static byte[] Greeting() => [.. RawFrames.Preface, .. RawFrames.Frame(RawFrames.Settings, 0, 0)];

    static byte[] Ask() => [.. Greeting(), .. Ask(stream: 1)];

    static byte[] Ask(int stream) =>
        [
            .. RawFrames.Frame(
                RawFrames.Headers,
                RawFrames.EndStream | RawFrames.EndHeaders,
                stream,
                RawFrames.Fields(":method: GET", ":scheme: http", ":path: /s/bank/", ":authority: x")
            ),
        ];

    /// <param name="until">
    /// The last one to read, which has content: the end of an answer may come alone. Null for as long as the connection
    /// lasts.
    /// </param>
    static async Task<List<(int Type, byte[] Payload)>> ReadAsync(TcpClient client, int? until)
    {
        var frames = new List<(int Type, byte[] Payload)>();
        var head = new byte[9];
        while (await client.GetStream().ReadAtLeastAsync(head, 9, throwOnEndOfStream: false) == 9)
        {
            var payload = new byte[(head[0] << 16) + (head[1] << 8) + head[2]];
            await client.GetStream().ReadExactlyAsync(payload);
            frames.Add((head[3], payload));
            if (head[3] == until && payload.Length > 0)
                break;
        }
        return frames;
    }

    static string Text((int Type, byte[] Payload) frame) => Encoding.UTF8.GetString(frame.Payload);

    static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[100];
        while (await socket.ReceiveAsync(buffer, default) is { MessageType: not WebSocketMessageType.Close } got)
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, default);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", default);
    }

    static async Task<string> EchoedAsync(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, default);
        var buffer = new byte[100];
        var got = await socket.ReceiveAsync(buffer, default);
        return Encoding.UTF8.GetString(buffer, 0, got.Count);
    }
}
