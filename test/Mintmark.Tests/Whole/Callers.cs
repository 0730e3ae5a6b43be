using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Mintmark.Tests.Whole;

/// <summary>Clients of a service, who ask through the gateway until they are told to stop.</summary>
sealed class Callers : IAsyncDisposable
{
    const int AtOnce = 4;
    const int Clients = 200;

    /// <summary>And as long as the answer took: on a slow machine others have something to do too.</summary>
    static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
    readonly CancellationTokenSource stop = new();
    readonly ConcurrentQueue<Heard> heard = new();
    readonly Uri address;
    readonly Task[] asking;

    public Callers(IPEndPoint gateway, string service)
    {
        address = new Uri($"http://{gateway}/s/{service}/quote");
        asking = [.. Enumerable.Range(0, AtOnce).Select(AskAsync)];
    }

    /// <summary>What came back since the last call.</summary>
    public IReadOnlyList<Heard> Take()
    {
        var taken = new List<Heard>();
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

    async Task AskAsync(int first)
    {
        for (var n = first; !stop.IsCancellationRequested; n += AtOnce)
        {
            var began = Stopwatch.GetTimestamp();
            heard.Enqueue(await OnceAsync($"client-{n % Clients}"));
            await Task.Delay(Pace + Stopwatch.GetElapsedTime(began));
        }
    }

    async Task<Heard> OnceAsync(string client)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add("Mint-Client", client);
            using var answer = await http.SendAsync(request);
            var mark = answer.Headers.TryGetValues("Mint-Mark", out var marks) ? marks.Single() : null;
            return new Heard((int)answer.StatusCode, mark, await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException failure)
        {
            return new Heard(0, null, failure.Message);
        }
    }
}

/// <param name="Status">0 where there was no answer.</param>
sealed record Heard(int Status, string? Mark, string Body);
