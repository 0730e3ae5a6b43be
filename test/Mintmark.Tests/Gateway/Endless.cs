using Microsoft.AspNetCore.Http;
using Mintmark.Route;
using Mintmark.Tests.Run;

namespace Mintmark.Tests.Gateway;

/// <summary>An instance whose answer goes on for as long as somebody takes it.</summary>
sealed class Endless : IAsyncDisposable
{
    const int Quiet = 30;
    Instance instance = null!;
    long written;

    public static async Task<Endless> StartAsync()
    {
        var endless = new Endless();
        endless.instance = await Instance.StartAsync(endless.AnswerAsync);
        return endless;
    }

    public Target As(int number) => instance.As(number);

    /// <summary>Nobody has taken more of it for a while: all on its way is full.</summary>
    public Task FullAsync()
    {
        var (seen, since) = (0L, 0);
        return Eventually.HoldsAsync(
            () =>
            {
                var now = Volatile.Read(ref written);
                (seen, since) = (now, now == seen && now > 0 ? since + 1 : 0);
                return since == Quiet;
            },
            "nothing more is taken"
        );
    }

    public ValueTask DisposeAsync() => instance.DisposeAsync();

    async Task AnswerAsync(HttpContext context)
    {
        var some = new byte[64 << 10];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(some, context.RequestAborted);
            Interlocked.Add(ref written, some.Length);
        }
    }
}
