using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Soak;

/// <summary>Clients of every kind: each asks again as soon as it was answered, and checks what it gets.</summary>
/// <param name="dead">Instances that were killed: what they had begun may fail.</param>
internal sealed class SoakClients(int port, ConcurrentDictionary<InstanceId, byte> dead) : IDisposable
{
    private const int Upload = 300_000;
    private const int Names = 200;
    private const int MostFailuresKept = 20;

    private readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            UseCookies = false,
            UseProxy = false,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
        }
    )
    {
        BaseAddress = new Uri($"http://127.0.0.1:{port}/s/bank/"),
        Timeout = TimeSpan.FromSeconds(30),
    };

    private long asked;
    private long died;
    private long payments;

    public long Asked => Volatile.Read(ref asked);

    /// <summary>Failed because the instance was killed.</summary>
    public long Died => Volatile.Read(ref died);

    /// <summary>Instances whose end is over.</summary>
    public int Buried { get; set; }

    /// <summary>Of those that nobody may lose.</summary>
    public ConcurrentQueue<string> Failures { get; } = [];

    /// <summary>Payments that were answered well.</summary>
    public ConcurrentQueue<string> Paid { get; } = [];

    /// <summary>Until it is cancelled; what is under way then comes to its end.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Func<int, Task>[] kinds =
        [
            i => GetAsync(i, "small", "small".Length),
            i => GetAsync(i, "large", SoakInstance.Large),
            i => GetAsync(i, "slow", "slow".Length),
            i => GetAsync(i, "events", null),
            PayAsync,
            PayAsync,
            UploadAsync,
            SocketAsync,
            LeaveAsync,
        ];
        await Task.WhenAll(kinds.Select((kind, k) => LoopAsync(kind, k * 1_000, ct)));
    }

    public void Dispose() => http.Dispose();

    private static async Task LoopAsync(Func<int, Task> kind, int from, CancellationToken ct)
    {
        for (var i = from; !ct.IsCancellationRequested; i++)
            await kind(i);
    }

    private Task GetAsync(int i, string path, int? length) =>
        AskAsync(
            i,
            HttpMethod.Get,
            path,
            null,
            content => length is null ? IsWhole(content) : content.Length == length
        );

    private static bool IsWhole(string events) =>
        events.EndsWith($"data: {SoakInstance.Events - 1}\n\n", StringComparison.Ordinal);

    private async Task PayAsync(int i)
    {
        var payment = $"/pay/{Interlocked.Increment(ref payments)}";
        if (await AskAsync(i, HttpMethod.Post, payment[1..], new StringContent("5 EUR"), c => c == payment))
            Paid.Enqueue(payment);
    }

    private Task UploadAsync(int i)
    {
        var content = new ByteArrayContent(new byte[Upload]);
        return AskAsync(i, HttpMethod.Post, "upload", content, c => c == $"{Upload}");
    }

    private async Task<bool> AskAsync(
        int client,
        HttpMethod method,
        string path,
        HttpContent? body,
        Func<string, bool> isRight
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        request.Headers.Add("Mint-Client", $"client-{client % Names}");
        request.Headers.TransferEncodingChunked = path == "upload";
        Interlocked.Increment(ref asked);
        var over = Buried;
        HttpResponseMessage? answer = null;
        try
        {
            answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var content = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.OK && isRight(content))
                return true;
            Fail(
                path,
                IdOf(answer),
                $"{(int)answer.StatusCode} with {content.Length} characters: {content[..Math.Min(200, content.Length)]}"
            );
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
        Interlocked.Increment(ref asked);
        var over = Buried;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{port}/s/bank/socket"), default);
            var buffer = new byte[1_024];
            for (var message = 0; message < 20; message++)
            {
                await socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, default);
                var left = buffer.Length;
                while (left > 0)
                    left -= (await socket.ReceiveAsync(buffer, default)).Count;
            }
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", default);
        }
        catch (WebSocketException broken)
        {
            var id = socket.HttpResponseHeaders?.GetValueOrDefault("Mint-Request")?.FirstOrDefault();
            if (id is null && dead.Count > over)
                Interlocked.Increment(ref died);
            else
                Fail("socket", id, broken.Message);
        }
    }

    /// <summary>Goes away before the answer.</summary>
    private async Task LeaveAsync(int i)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(5 + i % 20));
        Interlocked.Increment(ref asked);
        try
        {
            using var answer = await http.GetAsync("slow", patience.Token);
        }
        catch (OperationCanceledException) { }
        catch (HttpRequestException) { }
    }

    private static string? IdOf(HttpResponseMessage? answer) =>
        answer?.Headers.TryGetValues("Mint-Request", out var ids) == true ? ids.FirstOrDefault() : null;

    private void Fail(string path, string? request, string why)
    {
        if (RequestId.TryParse(request, out var id) && dead.ContainsKey(id.Instance))
            Interlocked.Increment(ref died);
        else if (Failures.Count < MostFailuresKept)
            Failures.Enqueue($"{path} ({request ?? "no answer"}): {why}");
    }
}
