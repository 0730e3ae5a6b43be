using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Gateway;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>Or one that is asked for a WebSocket: both ways to an instance have the same limits.</summary>
public sealed class WhenAnInstanceOfHttp2IsSlow
{
    static readonly Timeouts Usual = Rig.Patient;

    [Theory]
    [InlineData(Protocol.H2c)]
    [InlineData(Protocol.Http1)]
    public async Task AnAnswerWithoutHeadersInTimeIsA504ThatSaysWhich(Protocol protocol)
    {
        await using var bank = await StartAsync(NeverAsync, protocol);
        await using var rig = await StartAsync(bank.As(1), Usual with { HeadersMilliseconds = 100 }, protocol);
        if (protocol == Protocol.Http1)
            AskForWebSockets(rig);

        var (status, body, _) = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Contains(
            "i-1 of bank-2 did not answer: it sent no headers within 100 ms",
            body,
            StringComparison.Ordinal
        );
        Assert.Equal(ArmTally.Of(1, 1, ("errors", 1)), await CountedAsync(rig));
    }

    [Theory]
    [InlineData(Protocol.H2c)]
    [InlineData(Protocol.Http1)]
    public async Task AnAnswerThatTakesTooLongInAllIsA504ThatSaysSo(Protocol protocol)
    {
        await using var bank = await StartAsync(NeverAsync, protocol);
        await using var rig = await StartAsync(bank.As(1), Usual with { TotalMilliseconds = 150 }, protocol);
        if (protocol == Protocol.Http1)
            AskForWebSockets(rig);

        var (status, body, _) = await rig.AskAsync();

        Assert.Equal(HttpStatusCode.GatewayTimeout, status);
        Assert.Contains("it took longer than 150 ms in all", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatGoesSilentIsBrokenOffAndAnError()
    {
        await using var bank = await StartAsync(HalfAsync);
        await using var rig = await StartAsync(bank.As(1), Usual with { IdleMilliseconds = 100 });

        await Assert.ThrowsAnyAsync<Exception>(() => rig.Client.GetStringAsync(""));

        Assert.Equal(ArmTally.Of(1, 1, ("errors", 1)), await CountedAsync(rig));
    }

    [Fact]
    public async Task AnAnswerThatNeverEndsIsBrokenOff()
    {
        await using var bank = await StartAsync(async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await context.Response.WriteAsync("on and on ", context.RequestAborted);
        });
        await using var rig = await StartAsync(bank.As(1), Usual with { TotalMilliseconds = 200 });

        await Assert.ThrowsAnyAsync<Exception>(() => rig.Client.GetStringAsync(""));
    }

    [Fact]
    public async Task AClientThatDoesNotFinishItsRequestIsNotTheInstancesError()
    {
        await using var bank = await StartAsync(c => c.Request.Body.CopyToAsync(Stream.Null));

        // Where the instance is so slow to take it that the time is over, it is the instance's.
        var (answer, counted) = await Again.WhileAsync(
            got => got.Answer.StartsWith("HTTP/1.1 504 ", StringComparison.Ordinal),
            () => SendHalfAsync(bank)
        );

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("timeouts.total", answer, StringComparison.Ordinal);
        Assert.Equal(0, counted);
    }

    [Fact]
    public async Task ACallWhoseMessagesComeSlowlyIsNotWithoutHeaders()
    {
        var came = new SemaphoreSlim(0);
        await using var bank = await StartAsync(async context =>
        {
            if (context.Request.Path == "/never")
            {
                await NeverAsync(context);
                return;
            }
            await context.Request.Body.ReadExactlyAsync(new byte[6]);
            came.Release();
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await using var rig = await StartAsync(bank.As(1), Usual with { HeadersMilliseconds = 4_000 });
        using var channel = GrpcEcho.Channel(rig);

        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, default);
        await call.RequestStream.WriteAsync([7]);
        await came.WaitAsync();
        // By then it has been silent for as long.
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await rig.AskAsync(path: "never")).Status);
        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task HeadersMayTakeLongerThanAPauseMay()
    {
        var (came, going) = (new SemaphoreSlim(0), new TaskCompletionSource());
        await using var bank = await StartAsync(async context =>
        {
            if (context.Request.Path == "/half")
            {
                await HalfAsync(context);
                return;
            }
            came.Release();
            await going.Task;
            await context.Response.WriteAsync("late");
        });
        await using var rig = await StartAsync(bank.As(1), Usual with { IdleMilliseconds = 5_000 });

        var late = rig.AskAsync();
        await came.WaitAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => rig.Client.GetStringAsync("half"));
        going.SetResult();

        Assert.Equal("late", (await late).Body);
    }

    [Fact]
    public async Task AWebSocketThatIsOpenHasTimeForEver()
    {
        await using var bank = await StartAsync(
            async context =>
            {
                if (!context.WebSockets.IsWebSocketRequest)
                {
                    await NeverAsync(context);
                    return;
                }
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await socket.ReceiveAsync(new byte[9], default);
                await socket.SendAsync("pong"u8.ToArray(), WebSocketMessageType.Text, true, default);
            },
            Protocol.Http1
        );
        var limits = Usual with { HeadersMilliseconds = 4_000, TotalMilliseconds = 4_000 };
        await using var rig = await StartAsync(bank.As(1), limits, Protocol.Http1);

        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{rig.Address.Port}/s/bank/"), default);
        // By then it has been open for as long.
        Assert.Equal(HttpStatusCode.GatewayTimeout, (await rig.AskAsync()).Status);
        await socket.SendAsync("ping"u8.ToArray(), WebSocketMessageType.Text, true, default);

        Assert.Equal(4, (await socket.ReceiveAsync(new byte[9], default)).Count);
    }

    [Fact]
    public async Task AnAnswerBeforeTheRequestsEndArrivesWholeAndCounts()
    {
        await using var bank = await StartAsync(context =>
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return context.Response.WriteAsync("too much");
        });
        await using var rig = await StartAsync(bank.As(1), Usual);

        using var client = await RawConnection.ToAsync(rig.Address);
        await client.SendAsync("POST /s/bank/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf");
        var answer = await client.ReadAsync("\r\n0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.EndsWith("too much\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(ArmTally.Of(1, 0), await CountedAsync(rig));
    }

    [Fact]
    public async Task ACallThatIsRefusedBeforeItsEndIsToldWhy()
    {
        await using var bank = await StartAsync(context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.AppendTrailer("grpc-status", "13");
            return Task.CompletedTask;
        });
        await using var rig = await StartAsync(bank.As(1), Usual);
        using var channel = GrpcEcho.Channel(rig);

        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, default);
        var wrong = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));

        Assert.Equal(StatusCode.Internal, wrong.StatusCode);
        Assert.Equal("", wrong.Status.Detail);
        Assert.Equal(ArmTally.Of(1, 1, ("errors", 1)), await CountedAsync(rig));
    }

    [Fact]
    public async Task WhatIsLeftOfABodyIsSentToNoOtherInstance()
    {
        var bodies = new ConcurrentQueue<string>();
        await using var other = await StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            bodies.Enqueue(await reader.ReadToEndAsync());
        });
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var rig = await StartAsync(new Target(new InstanceId(1), port), Usual, Protocol.H2c, other.As(2));

        var refusing = RefuseAsync(listener);
        var statuses = new List<HttpStatusCode>();
        while (!refusing.IsCompleted)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "")
            {
                Content = new StringContent("all of it"),
            };
            request.Headers.TransferEncodingChunked = true;
            using var answer = await rig.Client.SendAsync(request);
            statuses.Add(answer.StatusCode);
        }

        // Which of them met it is not said: the connection may end after others were answered.
        Assert.Single(statuses, HttpStatusCode.BadGateway);
        Assert.Equal(statuses.Count - 1, bodies.Count);
        Assert.All(bodies, body => Assert.Equal("all of it", body));
    }

    /// <summary>Takes one request and some of its body, then says that it never did, and listens no more.</summary>
    static async Task RefuseAsync(TcpListener listener)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        listener.Stop();
        var stream = connection.GetStream();
        await stream.ReadExactlyAsync(new byte[RawFrames.Preface.Length]);
        await stream.WriteAsync(RawFrames.Frame(RawFrames.Settings, 0, 0));
        while (await RawFrames.ReadAsync(stream) is { Type: not RawFrames.Data })
            continue;
        await stream.WriteAsync(RawFrames.Frame(RawFrames.GoAway, 0, 0, new byte[8]));
        await RawClient.ReadAsync(stream);
    }

    static async Task HalfAsync(HttpContext context)
    {
        await context.Response.WriteAsync("half");
        await context.Response.Body.FlushAsync();
        await NeverAsync(context);
    }

    static Task NeverAsync(HttpContext context) =>
        Task.Delay(Timeout.Infinite, context.RequestAborted)
            .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>To a gateway of its own.</summary>
    /// <returns>What it answered, and how many requests it counted.</returns>
    static async Task<(string Answer, long Counted)> SendHalfAsync(Instance bank)
    {
        await using var rig = await StartAsync(bank.As(1), Usual with { TotalMilliseconds = 3_000 });
        var answer = await RawClient.AskAsync(
            rig,
            "POST /s/bank/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhalf"
        );
        return (answer, (await rig.ReportAsync()).Steps.Single().Candidate.Requests);
    }

    static async Task<ArmTally> CountedAsync(Rig rig) =>
        (await rig.ReportAsync(r => r.Steps.Single().Candidate.Requests == 1)).Steps.Single().Candidate;

    static void AskForWebSockets(Rig rig)
    {
        rig.Client.DefaultRequestHeaders.Add("Connection", "Upgrade");
        rig.Client.DefaultRequestHeaders.Add("Upgrade", "websocket");
    }

    static Task<Instance> StartAsync(RequestDelegate answer, Protocol protocol = Protocol.H2c) =>
        Instance.StartAsync(answer, protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1);

    static async Task<Rig> StartAsync(
        Target target,
        Timeouts timeouts,
        Protocol protocol = Protocol.H2c,
        params Target[] others
    )
    {
        var rig = await Rig.StartAsync(with: o =>
            o with
            {
                H2c = new IPEndPoint(IPAddress.Loopback, 0),
                // A client may pause for longer than a request's body usually may.
                ClientLimits = new ClientLimits(Grace: 600),
            }
        );
        var route = Rig.Bank(null, share: 10_000);
        var arm = new Arm(Mark.Parse("bank-2"), [target, .. others], null, timeouts, null, protocol);
        await rig.PutAsync(route with { Comparison = route.Comparison! with { Candidate = arm } });
        return rig;
    }
}
