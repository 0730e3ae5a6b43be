using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Mintmark.Bench.Traffic;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Soak;

/// <summary>Where one gateway listens.</summary>
internal sealed record SoakDoors(int Port, int H2cPort, int TlsPort);

/// <summary>
/// Clients of every kind, at each gateway in turn: each asks again as soon as it was answered, and checks what it gets.
/// </summary>
/// <param name="dead">Instances that were killed: what they had begun may fail.</param>
/// <param name="failures">Gets those that nobody may lose.</param>
internal sealed class SoakClients(
    IReadOnlyList<SoakDoors> gateways,
    ConcurrentDictionary<InstanceId, byte> dead,
    Halting halting,
    ConcurrentQueue<string> failures
) : IDisposable
{
    private const int Upload = 300_000;
    private const int Names = 200;
    private const int MostFailuresKept = 20;
    private const int Messages = 30;

    /// <summary>As <c>Retry-After</c> would have it, and shorter.</summary>
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BetweenMessages = TimeSpan.FromMilliseconds(20);

    private readonly IReadOnlyList<HttpClient> first =
    [
        .. gateways.Select(g => Client("http", g.Port, HttpVersion.Version11)),
    ];

    private readonly IReadOnlyList<HttpClient> second =
    [
        .. gateways.Select(g => Client("http", g.H2cPort, HttpVersion.Version20)),
    ];

    private readonly IReadOnlyList<HttpClient> firstByTls =
    [
        .. gateways.Select(g => Client("https", g.TlsPort, HttpVersion.Version11)),
    ];

    private readonly IReadOnlyList<HttpClient> secondByTls =
    [
        .. gateways.Select(g => Client("https", g.TlsPort, HttpVersion.Version20)),
    ];

    private readonly long[] asked = new long[gateways.Count];
    private long died;
    private long refused;
    private long payments;
    private long awaited = long.MaxValue;
    private TaskCompletionSource reached = new();

    public long Asked => gateways.Select((_, i) => AskedOf(i)).Sum();

    /// <summary>Failed because the instance was killed.</summary>
    public long Died => Volatile.Read(ref died);

    /// <summary>By a halt.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>Instances whose end is over.</summary>
    public int Buried { get; set; }

    /// <summary>Payments that were answered well.</summary>
    public ConcurrentQueue<string> Paid { get; } = [];

    public long AskedOf(int gateway) => Volatile.Read(ref asked[gateway]);

    /// <summary>When so many more have been asked.</summary>
    public Task AskedAsync(int more)
    {
        reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref awaited, Asked + more);
        return reached.Task;
    }

    /// <summary>Until it is cancelled; what is under way then comes to its end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Func<int, Task>[] kinds =
        [
            i => GetAsync(first, i, "small", "small".Length),
            i => GetAsync(second, i, "small", "small".Length),
            i => GetAsync(first, i, "large", SoakInstance.Large),
            i => GetAsync(second, i, "large", SoakInstance.Large),
            i => GetAsync(first, i, "slow", "slow".Length),
            i => GetAsync(first, i, "events", null),
            i => GetAsync(second, i, "events", null),
            i => PayAsync(first, i),
            i => PayAsync(second, i),
            i => UploadAsync(first, i),
            i => UploadAsync(second, i),
            i => GetAsync(firstByTls, i, "small", "small".Length),
            i => PayAsync(secondByTls, i),
            i => UploadAsync(secondByTls, i),
            SocketAsync,
            LeaveAsync,
        ];
        await Task.WhenAll(kinds.Select((kind, k) => LoopAsync(kind, k * 1_000, ct)));
    }

    public void Dispose()
    {
        foreach (var http in first.Concat(second).Concat(firstByTls).Concat(secondByTls))
            http.Dispose();
    }

    private static HttpClient Client(string scheme, int port, Version version) =>
        new(
            new SocketsHttpHandler
            {
                SslOptions =
                {
                    RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.Subject == SelfSigned.Subject,
                },
                UseCookies = false,
                UseProxy = false,
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
            }
        )
        {
            BaseAddress = new Uri($"{scheme}://127.0.0.1:{port}/s/bank/"),
            DefaultRequestVersion = version,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(30),
        };

    private static async Task LoopAsync(Func<int, Task> kind, int from, CancellationToken ct)
    {
        for (var i = from; !ct.IsCancellationRequested; i++)
            await kind(i);
    }

    private Halting.Moment Begin(int client)
    {
        Interlocked.Increment(ref asked[client % gateways.Count]);
        var due = Volatile.Read(ref awaited);
        if (Asked >= due && Interlocked.CompareExchange(ref awaited, long.MaxValue, due) == due)
            reached.TrySetResult();
        return halting.Now;
    }

    private Task GetAsync(IReadOnlyList<HttpClient> http, int i, string path, int? length) =>
        AskAsync(
            http,
            i,
            HttpMethod.Get,
            path,
            null,
            content => length is null ? IsWhole(content) : content.Length == length
        );

    private static bool IsWhole(string events) =>
        events.EndsWith($"data: {SoakInstance.Events - 1}\n\n", StringComparison.Ordinal);

    private async Task PayAsync(IReadOnlyList<HttpClient> http, int i)
    {
        var payment = $"/pay/{Interlocked.Increment(ref payments)}";
        if (await AskAsync(http, i, HttpMethod.Post, payment[1..], new StringContent("5 EUR"), c => c == payment))
            Paid.Enqueue(payment);
    }

    private Task UploadAsync(IReadOnlyList<HttpClient> http, int i)
    {
        var content = new ByteArrayContent(new byte[Upload]);
        return AskAsync(http, i, HttpMethod.Post, "upload", content, c => c == $"{Upload}");
    }

    private async Task<bool> AskAsync(
        IReadOnlyList<HttpClient> http,
        int client,
        HttpMethod method,
        string path,
        HttpContent? body,
        Func<string, bool> isRight
    )
    {
        var by = http[client % gateways.Count];
        using var request = new HttpRequestMessage(method, path)
        {
            Content = body,
            Version = by.DefaultRequestVersion,
            VersionPolicy = by.DefaultVersionPolicy,
        };
        request.Headers.Add("Mint-Client", $"client-{client % Names}");
        if (path == "upload" && request.Version == HttpVersion.Version11)
            request.Headers.TransferEncodingChunked = true;
        var over = Buried;
        var began = Begin(client);
        HttpResponseMessage? answer = null;
        try
        {
            answer = await by.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var content = await answer.Content.ReadAsStringAsync();
            if (IsHalted(answer.StatusCode, content))
                return await RefusedAsync(path, began);
            if (answer.StatusCode == HttpStatusCode.OK && isRight(content))
                return IsAllowed(path, began);
            Fail(path, IdOf(answer), $"{(int)answer.StatusCode} with {content.Length} characters: {Begins(content)}");
        }
        catch (HttpRequestException) when (answer is null && dead.Count > over)
        {
            // Cut off while an instance died: before the head was sent, or before all of an upload was.
            Interlocked.Increment(ref died);
        }
        catch (HttpRequestException broken)
        {
            Fail(path, IdOf(answer), $"{broken.HttpRequestError}: {broken.GetBaseException().Message}");
        }
        catch (OperationCanceledException)
        {
            Fail(path, IdOf(answer), "it took too long");
        }
        finally
        {
            answer?.Dispose();
        }
        return false;
    }

    private async Task SocketAsync(int i)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        var over = Buried;
        var began = Begin(i);
        try
        {
            var port = gateways[i % gateways.Count].Port;
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/s/bank/socket"), default);
            IsAllowed("socket", began);
            var buffer = new byte[1_024];
            for (var message = 0; message < Messages; message++)
            {
                await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, default);
                var left = buffer.Length;
                while (left > 0)
                    left -= (await socket.ReceiveAsync(buffer, default)).Count;
                await Task.Delay(BetweenMessages);
            }
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", default);
        }
        catch (WebSocketException broken)
        {
            var id = socket.HttpResponseHeaders?.GetValueOrDefault("Mint-Request")?.FirstOrDefault();
            // With a number it waited for a connection when a halt came; or there was none to be had, and no halt.
            if (socket.HttpStatusCode == HttpStatusCode.ServiceUnavailable && (id is null || halting.MayRefuse(began)))
                await RefusedAsync("socket", began);
            else if (id is null && dead.Count > over)
                Interlocked.Increment(ref died);
            else
                Fail("socket", id, $"{broken.Message} {broken.InnerException?.Message}");
        }
    }

    /// <summary>Goes away before the answer.</summary>
    private async Task LeaveAsync(int i)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(5 + i % 20));
        Begin(i);
        try
        {
            using var answer = await first[i % gateways.Count].GetAsync("slow", patience.Token);
        }
        catch (OperationCanceledException) { }
        catch (HttpRequestException) { }
    }

    private static bool IsHalted(HttpStatusCode status, string content) =>
        status == HttpStatusCode.ServiceUnavailable && content.Contains("\"Halted\"", StringComparison.Ordinal);

    private async Task<bool> RefusedAsync(string path, Halting.Moment began)
    {
        Interlocked.Increment(ref refused);
        if (!halting.MayRefuse(began))
            Fail(path, null, "refused as halted, and was not");
        await Task.Delay(AfterRefusal);
        return false;
    }

    private bool IsAllowed(string path, Halting.Moment began)
    {
        if (halting.MustRefuse(began))
            Fail(path, null, "answered after a halt was confirmed");
        return true;
    }

    private static string Begins(string content) => content[..Math.Min(200, content.Length)];

    private static string? IdOf(HttpResponseMessage? answer) =>
        answer?.Headers.TryGetValues("Mint-Request", out var ids) == true ? ids.FirstOrDefault() : null;

    private void Fail(string path, string? request, string why)
    {
        if (RequestId.TryParse(request, out var id) && dead.ContainsKey(id.Instance))
            Interlocked.Increment(ref died);
        else if (failures.Count < MostFailuresKept)
            failures.Enqueue($"{path} ({request ?? "no answer"}): {why}");
    }
}
