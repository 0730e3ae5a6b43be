using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenAClientGoesAway
{
    static readonly TimeSpan Late = Rig.Late;

    /// <summary>Who leaves after five seconds without an answer was let down, and that is an error.</summary>
    static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(4);

    readonly TaskCompletionSource arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource gone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(null, 0)]
    [InlineData(0L, 1)]
    [InlineData(60_000_000L, 0)]
    public async Task ItIsNoErrorButASlowRequestIfItHadWaitedTooLong(long? slowMicroseconds, int slow)
    {
        var report = await Again.WhileAsync(
            late => late is null,
            () => new WhenAClientGoesAway().LeaveAsync(slowMicroseconds)
        );

        Assert.NotNull(report);
        Assert.Equal(ArmTally.Of(slow, 0, ("slow-p99", slow)), report.Steps.Single().Candidate);
        Assert.Empty(report.Latencies);
    }

    [Theory]
    [InlineData(1, Protocol.Http1, false)]
    [InlineData(1, Protocol.Http1, true)]
    [InlineData(1, Protocol.H2c, false)]
    [InlineData(1, Protocol.H2c, true)]
    [InlineData(2, Protocol.Http1, false)]
    [InlineData(2, Protocol.Http1, true)]
    [InlineData(2, Protocol.H2c, false)]
    [InlineData(2, Protocol.H2c, true)]
    public async Task TheInstanceHearsOfIt(int version, Protocol protocol, bool hasBegun)
    {
        await using var instance = await StartAsync(WaitAsync, protocol);
        await using var rig = await StartAsync(instance, protocol);
        var path = $"/s/bank/{(hasBegun ? "begun" : "")}";
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{rig.Addresses[version - 1]}{path}")
        {
            Version = new Version(version, version == 1 ? 1 : 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var impatient = new CancellationTokenSource();
        var asked = rig.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, impatient.Token);
        await arrived.Task;
        if (hasBegun)
            (await asked).Dispose();
        await impatient.CancelAsync();

        await gone.Task.WaitAsync(Late);
        await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
        if (!hasBegun)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task TheInstanceHearsThatACallIsCancelled()
    {
        await using var instance = await StartAsync(WaitAsync, Protocol.H2c);
        await using var rig = await StartAsync(instance, Protocol.H2c);
        using var channel = GrpcEcho.Channel(rig);

        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(GrpcEcho.Duplex, null, default);
        await call.RequestStream.WriteAsync([7]);
        await arrived.Task;
        call.Dispose();

        await gone.Task.WaitAsync(Late);
        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
        Assert.Empty(report.Past);
    }

    [Theory]
    [InlineData(Protocol.Http1)]
    [InlineData(Protocol.H2c)]
    public async Task TheInstanceHearsThatTheConnectionOfAWebSocketIsReset(Protocol protocol)
    {
        await using var instance = await StartAsync(HearAsync, protocol);
        await using var rig = await StartAsync(instance, protocol);

        using var client = await RawConnection.ToAsync(rig.Address);
        await client.SendAsync(
            "GET /s/bank/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
        );
        Assert.StartsWith("HTTP/1.1 101 ", await client.ReadAsync("\r\n\r\n"), StringComparison.Ordinal);
        client.Reset();

        await gone.Task.WaitAsync(Late);
        await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
    }

    /// <summary>Where the client is so late that the instance's time is over, that is one too.</summary>
    [Theory]
    [InlineData(null, Protocol.Http1)]
    [InlineData("a payment", Protocol.Http1)]
    [InlineData(null, Protocol.H2c)]
    [InlineData("a payment", Protocol.H2c)]
    public async Task AfterHalfTheTimeThatAnAnswerMayTakeItIsAnError(string? body, Protocol protocol)
    {
        await using var instance = await StartAsync(WaitAsync, protocol);
        await using var rig = await Rig.StartAsync();
        var bank = Rig.Bank(null, instance, share: 10_000);
        var limited = bank.Comparison!.Candidate with { Timeouts = new(2_000, 2_000, 2_000), Protocol = protocol };
        await rig.PutAsync(bank with { Comparison = bank.Comparison with { Candidate = limited } });

        using var impatient = new CancellationTokenSource();
        using var content = body is null ? null : new StringContent(body);
        var asked = body is null
            ? rig.Client.GetAsync("", impatient.Token)
            : rig.Client.PostAsync("", content, impatient.Token);
        await arrived.Task;
        impatient.CancelAfter(1_500);
        await Record.ExceptionAsync(() => asked);
        var report = await rig.ReportAsync(r => r.Steps.Single().Candidate.Requests == 1);

        Assert.Equal(ArmTally.Of(1, 1, (Indicators.Errors, 1)), report.Steps.Single().Candidate);
    }

    [Fact]
    public async Task InTheMiddleOfItsBodyItIsNoError()
    {
        await using var instance = await Instance.StartAsync(context => context.Request.Body.CopyToAsync(Stream.Null));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(null, instance, share: 10_000));

        using var client = await RawConnection.ToAsync(rig.Address);
        await client.SendAsync("POST / HTTP/1.1\r\nHost: bank.localhost\r\nContent-Length: 1000\r\n\r\nonly this");
        await rig.ReportAsync(r => r.Instances.Any(i => i.InFlight == 1));
        client.Reset();
        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));

        Assert.Equal(ArmTally.None, report.Steps.Single().Candidate);
    }

    [Fact]
    public async Task ABodyThatIsNotHttpIsTheClientsFault()
    {
        await using var instance = await Instance.StartAsync(context => context.Request.Body.CopyToAsync(Stream.Null));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(null, instance, share: 10_000));
        using var connection = new TcpClient();
        await connection.ConnectAsync(rig.Address);
        var stream = connection.GetStream();

        await stream.WriteAsync(
            "POST / HTTP/1.1\r\nHost: bank.localhost\r\nTransfer-Encoding: chunked\r\n\r\nnot a chunk\r\n"u8.ToArray()
        );
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadLineAsync();

        Assert.Equal("HTTP/1.1 400 Bad Request", answer);
        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
        Assert.Equal(ArmTally.None, report.Steps.Single().Candidate);
    }

    /// <returns>What the gateway reports then; null where it may have taken so long that it is an error.</returns>
    async Task<GatewayReport?> LeaveAsync(long? slowMicroseconds)
    {
        await using var instance = await Instance.StartAsync(WaitAsync);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(null, instance, share: 10_000, slowMicroseconds: slowMicroseconds));

        using var impatient = new CancellationTokenSource();
        var since = Stopwatch.GetTimestamp();
        var asked = rig.Client.GetAsync("", impatient.Token);
        await arrived.Task;
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await gone.Task;
        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));

        return Stopwatch.GetElapsedTime(since) < GivenUp ? report : null;
    }

    async Task HearAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[9], default));
        gone.SetResult();
    }

    async Task WaitAsync(HttpContext context)
    {
        context.RequestAborted.Register(() => gone.TrySetResult());
        if (context.Request.Path == "/begun")
            await context.Response.WriteAsync("half");
        arrived.SetResult();
        await gone.Task;
    }

    static Task<Instance> StartAsync(RequestDelegate answer, Protocol protocol) =>
        Instance.StartAsync(answer, protocol == Protocol.H2c ? HttpProtocols.Http2 : HttpProtocols.Http1);

    static async Task<Rig> StartAsync(Instance instance, Protocol protocol)
    {
        var rig = await Rig.StartAsync(with: o => o with { H2c = new IPEndPoint(IPAddress.Loopback, 0) });
        var alone = Rig.Alone(instance);
        await rig.PutAsync(alone with { Baseline = alone.Baseline! with { Protocol = protocol } });
        return rig;
    }
}
