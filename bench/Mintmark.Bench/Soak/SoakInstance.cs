using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Soak;

/// <summary>An instance of a bank that does a little of everything, until it is killed.</summary>
internal sealed class SoakInstance : IAsyncDisposable
{
    public const int Large = 200_000;
    public const int Events = 20;

    private readonly WebApplication app;
    private readonly ConcurrentDictionary<string, int> payments;

    /// <param name="payments">How often each was made, at any instance.</param>
    private SoakInstance(InstanceId id, HttpProtocols speaks, ConcurrentDictionary<string, int> payments)
    {
        (Id, this.payments) = (id, payments);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, l => l.Protocols = speaks));
        app = builder.Build();
        app.UseWebSockets();
        app.Run(AnswerAsync);
    }

    public InstanceId Id { get; }

    public Target Target => new(Id, new Uri(app.Urls.First()).Port);

    public static async Task<SoakInstance> StartAsync(
        InstanceId id,
        HttpProtocols speaks,
        ConcurrentDictionary<string, int> payments
    )
    {
        var instance = new SoakInstance(id, speaks, payments);
        await instance.app.StartAsync();
        return instance;
    }

    /// <summary>At once: its connections end in the middle of whatever they were at.</summary>
    public Task KillAsync() => app.StopAsync(new CancellationToken(canceled: true));

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private Task AnswerAsync(HttpContext context) =>
        context.Request.Path.Value switch
        {
            "/large" => context.Response.Body.WriteAsync(new byte[Large]).AsTask(),
            "/slow" => SlowAsync(context),
            "/events" => EventsAsync(context),
            "/upload" => UploadAsync(context),
            "/socket" => EchoAsync(context),
            { } path when path.StartsWith("/pay/", StringComparison.Ordinal) => PayAsync(context, path),
            _ => context.Response.WriteAsync("small"),
        };

    private static async Task SlowAsync(HttpContext context)
    {
        await Task.Delay(30, context.RequestAborted);
        await context.Response.WriteAsync("slow");
    }

    private static async Task EventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < Events; i++)
        {
            await context.Response.WriteAsync($"data: {i}\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(5, context.RequestAborted);
        }
    }

    private static async Task UploadAsync(HttpContext context)
    {
        var (buffer, sum, read) = (new byte[16_384], 0L, 0);
        while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
            sum += read;
        await context.Response.WriteAsync($"{sum}");
    }

    private async Task PayAsync(HttpContext context, string path)
    {
        payments.AddOrUpdate(path, 1, (_, times) => times + 1);
        await context.Request.Body.CopyToAsync(Stream.Null);
        await context.Response.WriteAsync(path);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4_096];
        while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { } got)
        {
            if (got.MessageType == WebSocketMessageType.Close)
            {
                await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", context.RequestAborted);
                return;
            }
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, default);
        }
    }
}
