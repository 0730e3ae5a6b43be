using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mintmark.Bench.Traffic;

/// <summary>
/// A service that does so much at once, each for so long; all others wait in it, first come first served.
/// </summary>
internal sealed class Worker(WebApplication app) : IAsyncDisposable
{
    public int Port => new Uri(app.Urls.First()).Port;

    public static async Task<Worker> StartAsync(int workers, TimeSpan work)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var free = new SemaphoreSlim(workers);
        app.Run(async context =>
        {
            await free.WaitAsync();
            await Task.Delay(work);
            free.Release();
            await context.Response.WriteAsync("done");
        });
        await app.StartAsync();
        return new Worker(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
