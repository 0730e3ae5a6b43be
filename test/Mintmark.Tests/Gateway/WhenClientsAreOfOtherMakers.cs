using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Mintmark.Route;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenClientsAreOfOtherMakers : IAsyncLifetime
{
    private const int Large = 24 << 20;

    /// <summary>An instance that has said nothing for so long is sent a body that it did not ask for.</summary>
    private static readonly TimeSpan Unasked = TimeSpan.FromSeconds(1);

    private readonly Certified certified = new();
    private readonly SemaphoreSlim heard = new(0);
    private readonly TaskCompletionSource gone = new();
    private volatile bool hangs;
    private Instance bank = null!;
    private Rig rig = null!;

    public async ValueTask InitializeAsync()
    {
        bank = await Instance.StartAsync(AnswerAsync);
        rig = await Rig.StartAsync(with: o =>
            o with
            {
                Tls = new IPEndPoint(IPAddress.Loopback, 0),
                Certificate = certified.Paths,
                H2c = new IPEndPoint(IPAddress.Loopback, 0),
            }
        );
        await rig.PutAsync(Rig.Alone(bank));
    }

    public async ValueTask DisposeAsync()
    {
        await rig.DisposeAsync();
        await bank.DisposeAsync();
        certified.Dispose();
        heard.Dispose();
    }

    [Theory]
    [InlineData("1.1", 0)]
    [InlineData("1.1", 1)]
    [InlineData("2", 1)]
    [InlineData("2", 2)]
    public async Task CurlGetsItsAnswerInEachProtocol(string version, int address)
    {
        string[] protocol =
            version == "1.1" ? ["--http1.1"]
            : address == 1 ? ["--http2"]
            : ["--http2-prior-knowledge"];

        var (exit, said, error) = await CurlAsync(
            address,
            [.. protocol, "-w", "|%{http_version}|%header{mint-mark}"],
            "hello"
        );

        Assert.Equal((0, "", $"hello|{version}|bank-1"), (exit, error, said));
    }

    [Theory]
    [InlineData("--http1.1", 0)]
    [InlineData("--http2", 1)]
    [InlineData("--http2-prior-knowledge", 2)]
    public async Task ALargeUploadOfCurlReachesAnInstanceThatReadsSlowly(string protocol, int address)
    {
        var file = Path.Combine(rig.Home, "upload");
        await File.WriteAllBytesAsync(file, RandomNumberGenerator.GetBytes(Large));

        var (exit, said, error) = await CurlAsync(
            address,
            [protocol, "--verbose", "-H", "Expect: 100-continue", "--expect100-timeout", "30", "-T", file],
            "slow-sum"
        );

        Assert.Equal((0, Hash(await File.ReadAllBytesAsync(file))), (exit, said));
        if (address == 0)
            Assert.Contains("< HTTP/1.1 100 Continue", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ARefusedUploadIsNotSentAtAll()
    {
        var file = Path.Combine(rig.Home, "upload");
        await File.WriteAllBytesAsync(file, new byte[Large]);

        var (said, _) = await Again.WhileAsync(
            tried => tried.Said != (0, "no|0") && tried.Took > Unasked,
            async () =>
            {
                var since = Stopwatch.GetTimestamp();
                var (exit, text, _) = await CurlAsync(
                    0,
                    ["-H", "Expect: 100-continue", "--expect100-timeout", "30", "-T", file, "-w", "|%{size_upload}"],
                    "no-thanks"
                );
                return (Said: (exit, text), Took: Stopwatch.GetElapsedTime(since));
            }
        );

        Assert.Equal((0, "no|0"), said);
    }

    [Theory]
    [InlineData("--http1.1", 0)]
    [InlineData("--http2", 1)]
    public async Task ALargeAnswerComesWholeToACurlThatReadsSlowly(string protocol, int address)
    {
        var (exit, said, error) = await CurlAsync(
            address,
            [protocol, "--limit-rate", "20M", "-o", "/dev/null", "-w", "%{size_download}"],
            "large"
        );

        Assert.Equal((0, "", Large.ToString(CultureInfo.InvariantCulture)), (exit, error, said));
    }

    [Fact]
    public async Task ThatCurlGoesAwayTheInstanceHears()
    {
        // Where the machine is slow, its time may be over before the instance has heard of it.
        var (exit, _, _) = await Again.WhileAsync(_ => !hangs, () => CurlAsync(0, ["--max-time", "3"], "hang"));

        Assert.Equal(28, exit);
        await gone.Task.WaitAsync(Rig.Late);
    }

    [Fact]
    public async Task WrkGetsNothingButAnswersAndEachIsCounted()
    {
        var url = $"http://127.0.0.1:{rig.Address.Port}/s/bank/";

        var (exit, said, error) = await Peer.WrkAsync(
            "--threads",
            "2",
            "--connections",
            "16",
            "--duration",
            "3",
            "--timeout",
            "30s",
            url
        );

        Assert.Equal((0, ""), (exit, error));
        // Of either wrk speaks only where there were some.
        Assert.DoesNotContain("Socket errors", said, StringComparison.Ordinal);
        Assert.DoesNotContain("Non-2xx or 3xx responses", said, StringComparison.Ordinal);
        var total = said.Split('\n').Single(line => line.Contains(" requests in ", StringComparison.Ordinal)).Trim();
        var asked = long.Parse(total.Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.NotEqual(0, asked);
        // Those that it broke off at its end are no answers of its.
        var counted = Counted(await rig.ReportAsync(r => Counted(r) >= asked));
        Assert.InRange(counted, asked, asked + 16);
    }

    [Fact]
    public async Task ASocketOfNodeSpeaksBothWaysAndEndsWithItsCode()
    {
        var (exit, said, error) = await Peer.NodeAsync("socket", $"ws://127.0.0.1:{rig.Address.Port}/s/bank/socket");

        Assert.Equal((0, "", "bank.v1 echoed 7, farewell, closed 4001 audit\n"), (exit, error, said));
    }

    [Fact]
    public async Task EventsComeToNodeOneByOne()
    {
        var (exit, said, error) = await Peer.NodeAsync("events", $"http://127.0.0.1:{rig.Address.Port}/s/bank/");

        Assert.Equal((0, "", "text/event-stream 20 events\n"), (exit, error, said));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ASocketMayBeAStreamOfHttp2(int address)
    {
        using var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => Certified.IsOurs(shown) },
        };
        using var invoker = new HttpMessageInvoker(handler);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.AddSubProtocol("bank.v1");
        var scheme = address == 1 ? "wss" : "ws";

        await socket.ConnectAsync(
            new Uri($"{scheme}://127.0.0.1:{rig.Addresses[address].Port}/s/bank/socket"),
            invoker,
            CancellationToken.None
        );

        Assert.Equal("bank.v1", socket.SubProtocol);
        Assert.Equal(["bank-1"], socket.HttpResponseHeaders!["Mint-Mark"]);
        var buffer = new byte[1_024];
        for (byte i = 0; i < 50; i++)
        {
            await socket.SendAsync(new[] { i }, WebSocketMessageType.Binary, endOfMessage: true, default);
            Assert.Equal(1, (await socket.ReceiveAsync(buffer, default)).Count);
            Assert.Equal(i, buffer[0]);
        }
        await socket.SendAsync("bye"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, default);
        await socket.ReceiveAsync(buffer, default);
        await socket.ReceiveAsync(buffer, default);
        Assert.Equal((4001, "audit"), ((int)socket.CloseStatus!, socket.CloseStatusDescription));
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", default);
        // How long it was open is no measure of the version.
        Assert.Empty((await rig.ReportAsync(r => r.Past.Count > 0)).Latencies);
    }

    [Fact]
    public async Task OtherTunnelsThroughHttp2AreRefused()
    {
        using var handler = new SocketsHttpHandler { UseProxy = false };
        using var invoker = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(
            HttpMethod.Connect,
            $"http://127.0.0.1:{rig.Addresses[2].Port}/s/bank/"
        )
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { Protocol = "connect-udp" },
        };

        using var answer = await invoker.SendAsync(request, CancellationToken.None);

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Contains("opens no tunnels", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private Task<(int Exit, string Out, string Error)> CurlAsync(int address, string[] options, string path)
    {
        var port = rig.Addresses[address].Port;
        var scheme = address == 1 ? "https" : "http";
        return Peer.CurlAsync([
            "--cacert",
            certified.Paths.Certificate,
            "--resolve",
            $"bank.localhost:{port}:127.0.0.1",
            .. options,
            $"{scheme}://bank.localhost:{port}/{path}",
        ]);
    }

    private static long Counted(GatewayReport report) => report.Past.Sum(p => p.Requests);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private Task AnswerAsync(HttpContext context) =>
        context.Request.Path.Value switch
        {
            "/slow-sum" => SumAsync(context),
            "/large" => context.Response.Body.WriteAsync(new byte[Large]).AsTask(),
            "/no-thanks" => context.Response.WriteAsync("no"),
            "/hang" => HangAsync(context),
            "/socket" => EchoAsync(context),
            "/events" => EventsAsync(context),
            "/heard" => HearAsync(),
            _ => context.Response.WriteAsync("hello"),
        };

    private static async Task SumAsync(HttpContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (buffer, read, reads) = (new byte[65_536], 0, 0);
        while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
        {
            hash.AppendData(buffer.AsSpan(0, read));
            if (++reads % 50 == 0)
                await Task.Delay(10);
        }
        await context.Response.WriteAsync(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private async Task HangAsync(HttpContext context)
    {
        hangs = true;
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        finally
        {
            gone.TrySetResult();
        }
    }

    private async Task EventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < 20; i++)
        {
            await context.Response.WriteAsync($"data: {i}\n\n");
            await context.Response.Body.FlushAsync();
            await heard.WaitAsync(Rig.Late);
        }
    }

    private Task HearAsync()
    {
        heard.Release();
        return Task.CompletedTask;
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync("bank.v1");
        var buffer = new byte[1 << 20];
        while (true)
        {
            var length = 0;
            ValueWebSocketReceiveResult got;
            do
            {
                got = await socket.ReceiveAsync(buffer.AsMemory(length), default);
                length += got.Count;
            } while (!got.EndOfMessage);
            if (got.MessageType == WebSocketMessageType.Text)
                break;
            await socket.SendAsync(buffer.AsMemory(0, length), got.MessageType, endOfMessage: true, default);
        }
        await socket.SendAsync(Encoding.UTF8.GetBytes("farewell"), WebSocketMessageType.Text, true, default);
        await socket.CloseAsync((WebSocketCloseStatus)4001, "audit", default);
    }
}
