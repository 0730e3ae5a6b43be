using System.Net;
using System.Net.Sockets;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>For a connection, or for a stream of one: nothing of it was sent, and nothing is.</summary>
public sealed class WhenARequestWaitsAsAHaltComes : IAsyncLifetime
{
    const string WebSocket =
        "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2l4dGVlbiBieXRlcyEhIQ==\r\n";

    static readonly TimeSpan ConnectWithin = TimeSpan.FromMinutes(1);

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly List<TcpClient> queue = [];
    Rig rig = null!;

    int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public async ValueTask InitializeAsync()
    {
        listener.Start(backlog: 1);
        rig = await Rig.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        queue.ForEach(client => client.Dispose());
        listener.Dispose();
        await rig.DisposeAsync();
    }

    [Theory]
    [InlineData(Protocol.Http1, "")]
    [InlineData(Protocol.Http1, WebSocket)]
    [InlineData(Protocol.H2c, "")]
    public async Task ItIsNotSentOnceItHasItsConnection(Protocol protocol, string asks)
    {
        await FillAsync();
        await rig.PutAsync(Route(protocol));
        var asked = AskAsync(asks);
        await rig.ReportAsync(r => r.Instances.Any(i => i.InFlight == 1));

        await rig.PutAsync(Route(protocol) with { Halted = "double postings" });
        using var one = await listener.AcceptSocketAsync();
        using var two = await listener.AcceptSocketAsync();
        using var three = await listener.AcceptSocketAsync();

        AssertHalted(await asked);
        Assert.Equal(0, await three.ReceiveAsync(new byte[1]));
    }

    /// <summary>The instance never takes it.</summary>
    [Theory]
    [InlineData(Protocol.Http1, "")]
    [InlineData(Protocol.Http1, WebSocket)]
    [InlineData(Protocol.H2c, "")]
    public async Task WhereRequestsAreCutItWaitsNoLonger(Protocol protocol, string asks)
    {
        await FillAsync();
        await rig.PutAsync(Route(protocol, InFlight.Cut));
        var asked = AskAsync(asks);
        await rig.ReportAsync(r => r.Instances.Any(i => i.InFlight == 1));

        await rig.PutAsync(Route(protocol, InFlight.Cut) with { Halted = "double postings" });

        AssertHalted(await asked.WaitAsync(ConnectWithin / 2));
    }

    /// <summary>It waits for another connection, and gets a stream of the one that there is.</summary>
    [Fact]
    public async Task ItIsNotSentOnceItHasItsStream()
    {
        await rig.PutAsync(Route(Protocol.H2c));
        var first = AskAsync();
        using var only = await listener.AcceptTcpClientAsync();
        var narrow = new OneAtATime(only.GetStream());
        var stream = await narrow.HeadAsync();
        await FillAsync();
        var second = AskAsync();
        await rig.ReportAsync(r => r.Instances.Any(i => i.InFlight == 2));

        await rig.PutAsync(Route(Protocol.H2c) with { Halted = "double postings" });
        await narrow.AnswerAsync(stream);

        Assert.StartsWith("HTTP/1.1 200 ", await first, StringComparison.Ordinal);
        AssertHalted(await second);
    }

    /// <summary>Two fill the instance's queue: it takes no third before one of them is accepted.</summary>
    async Task FillAsync()
    {
        for (var i = 0; i < 2; i++)
        {
            var client = new TcpClient();
            queue.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, Port);
        }
    }

    Task<string> AskAsync(string asks = "") =>
        RawClient.AskAsync(
            rig,
            $"GET /s/bank/ HTTP/1.1\r\nHost: x\r\nConnection: {(asks.Length > 0 ? "Upgrade, " : "")}close\r\n{asks}\r\n"
        );

    static void AssertHalted(string answer)
    {
        Assert.StartsWith("HTTP/1.1 503 ", answer, StringComparison.Ordinal);
        Assert.Contains("bank is halted: double postings", answer, StringComparison.Ordinal);
    }

    ServiceRoute Route(Protocol protocol, InFlight? onHalt = null)
    {
        var timeouts = Timeouts.Usual with { ConnectMilliseconds = (int)ConnectWithin.TotalMilliseconds };
        Target[] targets = [new(new InstanceId(1), Port)];
        var arm = new Arm(Mark.Parse("bank-1"), targets, Timeouts: timeouts, Protocol: protocol, OnHalt: onHalt);
        return new(new ServiceName("bank"), null, arm, null);
    }

    /// <summary>An instance's side of a connection of HTTP/2 that takes one request at a time.</summary>
    sealed class OneAtATime(NetworkStream connection)
    {
        const int MaxConcurrentStreams = 3;

        /// <returns>The stream of the first request, once the gateway knows that it is all that is taken.</returns>
        public async Task<int> HeadAsync()
        {
            await connection.ReadExactlyAsync(new byte[RawFrames.Preface.Length]);
            byte[] one = [0, MaxConcurrentStreams, 0, 0, 0, 1];
            await connection.WriteAsync(RawFrames.Frame(RawFrames.Settings, 0, 0, one));
            const int acknowledged = 1;
            var (stream, isKnown) = (0, false);
            while (stream == 0 || !isKnown)
            {
                var frame =
                    await RawFrames.ReadAsync(connection)
                    ?? throw new EndOfStreamException("the gateway ended its connection");
                if (frame.Type == RawFrames.Headers)
                    stream = frame.Stream;
                isKnown |= frame is { Type: RawFrames.Settings, Flags: acknowledged };
            }
            return stream;
        }

        public ValueTask AnswerAsync(int stream)
        {
            const int whole = RawFrames.EndHeaders | RawFrames.EndStream;
            return connection.WriteAsync(RawFrames.Frame(RawFrames.Headers, whole, stream, 0x88));
        }
    }
}
