using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Mintmark.Tests.Server;

/// <summary>A gateway of which the test says what it answers on its control socket.</summary>
sealed class ScriptedGateway : IAsyncDisposable
{
    private readonly WebApplication app;

    private ScriptedGateway(WebApplication app) => this.app = app;

    public static async Task<ScriptedGateway> StartAsync(string folder, RequestDelegate answer)
    {
        Directory.CreateDirectory(folder);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(k => k.ListenUnixSocket(Path.Combine(folder, "control.sock")));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return new ScriptedGateway(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
