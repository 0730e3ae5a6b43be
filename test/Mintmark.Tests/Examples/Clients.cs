using System.Collections.Concurrent;
using System.Net;

namespace Mintmark.Tests.Examples;

/// <summary>Clients of an example: calm while a version is built, in a hurry while it is tried.</summary>
sealed class Clients : IAsyncDisposable
{
    private const int AtOnce = 6;
    private const int Named = 1_000;
    private static readonly TimeSpan Calm = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Hurried = TimeSpan.FromMilliseconds(12);

    private readonly HttpClient http;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<Answer> heard = new();
    private readonly Func<Random, HttpRequestMessage> next;
    private readonly Task[] asking;
    private volatile bool hurry;

    /// <param name="next">Another request, with an address relative to the service.</param>
    public Clients(IPEndPoint gateway, string service, Func<Random, HttpRequestMessage> next)
    {
        this.next = next;
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false })
        {
            BaseAddress = new Uri($"http://{gateway}/s/{service}/"),
        };
        asking = [.. Enumerable.Range(0, AtOnce).Select(AskAsync)];
    }

    public void Hurry(bool now) => hurry = now;

    /// <summary>What came back since the last call.</summary>
    public IReadOnlyList<Answer> Take()
    {
        var taken = new List<Answer>();
        while (heard.TryDequeue(out var one))
            taken.Add(one);
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(asking);
        http.Dispose();
        stop.Dispose();
    }

    private async Task AskAsync(int seed)
    {
        var dice = new Random(seed);
        using var beat = new PeriodicTimer(Calm);
        while (!stop.IsCancellationRequested)
        {
            beat.Period = hurry ? Hurried : Calm;
            await OnceAsync(dice);
            await beat.WaitForNextTickAsync();
        }
    }

    private async Task OnceAsync(Random dice)
    {
        using var request = next(dice);
        request.Headers.Add("Mint-Client", $"client-{dice.Next(Named)}");
        using var answer = await http.SendAsync(request);
        var said = await answer.Content.ReadAsStringAsync();
        var mark = answer.Headers.TryGetValues("Mint-Mark", out var marks) ? marks.Single() : null;
        heard.Enqueue(new Answer(answer.StatusCode, mark, mark is null ? said : null));
    }
}

/// <param name="Mark">Null where the gateway itself answered.</param>
/// <param name="Said">By the gateway.</param>
sealed record Answer(HttpStatusCode Status, string? Mark, string? Said);
