using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Tests.Gateway;

/// <summary>A real web server that stands for a running version.</summary>
sealed class Instance : IAsyncDisposable
{
    readonly WebApplication app;

    Instance(WebApplication app) => this.app = app;

    public int Port => new Uri(app.Urls.Single()).Port;

    public Target As(int number) => new(new InstanceId(number), Port);

    public static Task<Instance> StartAsync(RequestDelegate answer, HttpProtocols speaks = HttpProtocols.Http1) =>
        StartAsync(answer, l => l.Protocols = speaks);

    /// <summary>Whose connections are talked over by hand.</summary>
    public static Task<Instance> TalkingAsync(Func<ConnectionContext, Task> talk) =>
        StartAsync(_ => Task.CompletedTask, l => l.Run(talk));

    static async Task<Instance> StartAsync(RequestDelegate answer, Action<ListenOptions> listen)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0, listen));
        builder.WebHost.ConfigureKestrel(k =>
        {
            k.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            k.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;
            // Of what comes slowly the tests tell, and not this server.
            k.Limits.MinRequestBodyDataRate = null;
        });
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(answer);
        await app.StartAsync();
        return new Instance(app);
    }

    public static Task<Instance> SayingAsync(string text, int status = 200) =>
        StartAsync(context =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(text);
        });

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
