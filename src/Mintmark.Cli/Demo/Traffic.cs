using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Mintmark.Releases;

namespace Mintmark.Cli.Demo;

/// <summary>
/// Several hundred clients of the bank, all through the gateway: transfers, balances, statements, evenly spread over
/// clients and time, as examples/bank/versions/README.md describes.
/// </summary>
internal sealed class Traffic : IAsyncDisposable
{
    private const int Clients = 300;
    private const int QuietPerSecond = 60;
    private const int BusyPerSecond = 150;

    /// <summary>A machine that cannot keep up gets fewer requests, and no queue of them.</summary>
    private const int MostAtOnce = 12;

    private readonly HttpClient http;
    private readonly Random dice = new(20_261);
    private readonly long[] accounts = new long[Clients];
    private readonly ConcurrentQueue<Answered> answers = new();
    private readonly SemaphoreSlim room = new(MostAtOnce);
    private readonly CancellationTokenSource stop = new();
    private Task sending = Task.CompletedTask;
    private long keys;
    private volatile int perSecond = QuietPerSecond;

    public Traffic(IPEndPoint gateway)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            ConnectCallback = async (_, ct) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(gateway, ct);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"http://bank.localhost:{gateway.Port}"),
            Timeout = TimeSpan.FromSeconds(15),
        };
    }

    public async Task StartAsync(CancellationToken ct)
    {
        await ServedAsync(ct);
        for (var client = 0; client < Clients; client++)
        {
            using var request = Post(
                client,
                "/accounts",
                new
                {
                    owner = $"client {client}",
                    currency = "EUR",
                    deposit = "1000000.00",
                }
            );
            using var answer = await http.SendAsync(request, ct);
            answer.EnsureSuccessStatusCode();
            accounts[client] = (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("id").GetInt64();
        }
        sending = SendAsync(stop.Token);
    }

    /// <summary>A promotion is in the log a moment before the gateway has its table.</summary>
    private async Task ServedAsync(CancellationToken ct)
    {
        using var answer = await http.GetAsync("/version", ct);
        if (answer.IsSuccessStatusCode)
            return;
        await Task.Delay(10, ct);
        await ServedAsync(ct);
    }

    /// <summary>Fewer requests while a version is built: builds and clients share the processors.</summary>
    public void Hurry(bool busy) => perSecond = busy ? BusyPerSecond : QuietPerSecond;

    /// <summary>Takes what has been answered since the last call.</summary>
    public List<Answered> Take()
    {
        var taken = new List<Answered>();
        while (answers.TryDequeue(out var answer))
            taken.Add(answer);
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
        room.Dispose();
        stop.Dispose();
    }

    private async Task SendAsync(CancellationToken ct)
    {
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        var open = new ConcurrentDictionary<Task, bool>();
        var last = Stopwatch.GetTimestamp();
        var due = 0.0;
        while (await beat.WaitForNextTickAsync(ct))
        {
            var now = Stopwatch.GetTimestamp();
            // What a pause of this process has missed is not made up for in one burst.
            due = Math.Min(due + (Stopwatch.GetElapsedTime(last, now).TotalSeconds * perSecond), perSecond / 10.0);
            last = now;
            for (; due >= 1 && await room.WaitAsync(0, ct); due--)
                _ = Follow(open, OneAsync(dice.Next(Clients)));
        }
        await Task.WhenAll(open.Keys);
    }

    private static async Task Follow(ConcurrentDictionary<Task, bool> open, Task request)
    {
        open[request] = true;
        await request;
        open.TryRemove(request, out var _);
    }

    private async Task OneAsync(int client)
    {
        var begun = Stopwatch.GetTimestamp();
        try
        {
            using var request = Next(client);
            using var answer = await http.SendAsync(request);
            var body = await answer.Content.ReadAsByteArrayAsync();
            var transfer =
                request.Method == HttpMethod.Post && answer.StatusCode == HttpStatusCode.Created ? IdOf(body) : null;
            Keep(
                begun,
                (int)answer.StatusCode,
                MarkOf(answer),
                transfer,
                answer.IsSuccessStatusCode ? null : System.Text.Encoding.UTF8.GetString(body)
            );
        }
        catch (Exception failure)
            when (failure is HttpRequestException or SocketException or OperationCanceledException or IOException)
        {
            Keep(begun, null, null, null, failure.Message);
        }
        finally
        {
            room.Release();
        }
    }

    private void Keep(long begun, int? status, Mark? mark, long? transfer, string? failure) =>
        answers.Enqueue(new Answered(begun, Stopwatch.GetTimestamp(), status, mark, transfer, failure));

    private HttpRequestMessage Next(int client)
    {
        int roll,
            cents,
            payee;
        lock (dice)
        {
            roll = dice.Next(100);
            cents = dice.Next(1, 50_001);
            payee = (client + dice.Next(1, Clients)) % Clients;
        }
        if (roll < 60)
        {
            var order = new
            {
                from = accounts[client],
                to = accounts[payee],
                amount = (cents / 100m).ToString("0.00", CultureInfo.InvariantCulture),
                currency = "EUR",
            };
            var transfer = Post(client, "/transfers", order);
            transfer.Headers.Add(
                "Idempotency-Key",
                $"{Environment.ProcessId}-{Interlocked.Increment(ref keys):x8}-{cents:x}"
            );
            return transfer;
        }
        var path = roll < 90 ? "" : $"/statement?limit={(roll < 95 ? 10 : 50)}";
        return From(client, new HttpRequestMessage(HttpMethod.Get, $"/accounts/{accounts[client]}{path}"));
    }

    private static HttpRequestMessage Post<T>(int client, string path, T body) =>
        From(client, new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) });

    private static HttpRequestMessage From(int client, HttpRequestMessage request)
    {
        request.Headers.Add("Mint-Client", $"client-{client}");
        return request;
    }

    private static Mark? MarkOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Mint-Mark", out var values) && Mark.TryParse(values.First(), null, out var mark)
            ? mark
            : null;

    private static long? IdOf(byte[] body) => JsonDocument.Parse(body).RootElement.GetProperty("id").GetInt64();
}
