using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mintmark.Server;

namespace Mintmark.Tests.Cli;

/// <summary>
/// Answers as the control plane's API does, with what a story says; over real HTTP, in the home of a test.
/// </summary>
sealed class CannedApi : IAsyncDisposable
{
    private const string Token = "0123456789abcdef";

    private readonly WebApplication app;

    private CannedApi(WebApplication app) => this.app = app;

    public static async Task<CannedApi> StartAsync(Mint mint, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        var app = builder.Build();
        app.Use(
            async (context, next) =>
            {
                if (context.Request.Headers.Authorization == $"Bearer {Token}")
                    await next(context);
                else
                    await Results
                        .Problem(statusCode: 401, title: "a valid bearer token is needed")
                        .ExecuteAsync(context);
            }
        );
        map(app);
        await app.StartAsync();
        Directory.CreateDirectory(mint.HomeFolder);
        var home = new Home(mint.HomeFolder);
        await File.WriteAllTextAsync(home.Token, Token + "\n");
        var api = System.Net.IPEndPoint.Parse(new Uri(app.Urls.First()).Authority);
        home.Publish(new Addresses(api, Addresses.Parse("gateway", Addresses.DefaultGateway)));
        return new CannedApi(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
