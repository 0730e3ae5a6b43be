using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mintmark.Bench;

/// <summary>A service that answers at once, always with one status.</summary>
internal sealed class Upstream(WebApplication app) : IAsyncDisposable
{
    public int Port => new Uri(app.Urls.First()).Port;

    public static async Task<Upstream> StartAsync(int status = 200, Action? asked = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context =>
        {
            asked?.Invoke();
            context.Response.StatusCode = status;
            return context.Response.WriteAsync("ok");
        });
        await app.StartAsync();
        return new Upstream(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
