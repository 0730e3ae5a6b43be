using System.Net;

namespace Bank;

static class BankApp
{
    /// <summary>The whole bank on one ledger, ready to be started. Port 0 takes any that is free.</summary>
    public static async Task<WebApplication> BuildAsync(Surroundings place, Settings settings, TimeProvider clock)
    {
        Directory.CreateDirectory(place.Folder);
        var store = new Store(place.Ledger);
        await Schema.EnsureAsync(store, settings.Currencies);

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, place.Port);
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 16 * 1024;
        });
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<Edge>();
        builder.Services.AddSingleton(_ => store);
        builder.Services.AddHostedService(_ => new Upkeep(place.Ledger, clock));

        var app = builder.Build();
        app.UseRouting();
        Map(app, place, settings, clock);
        return app;
    }

    static void Map(WebApplication app, Surroundings place, Settings settings, TimeProvider clock)
    {
        var edge = app.Services.GetRequiredService<Edge>();
        var store = app.Services.GetRequiredService<Store>();
        var statements = new Statements(store);
        var counter = new Counter(new(store, settings, place.Mark, clock), statements, settings);
        var invariants = new Invariants(store, place.Mark);

        app.MapPost("/accounts", edge.Answer(counter.OpenAccountAsync));
        app.MapGet("/accounts/{id}", edge.Answer(counter.Account));
        app.MapGet("/accounts/{id}/statement", edge.Answer(counter.Statement));
        app.MapPost("/transfers", edge.Answer(counter.TransferAsync));

        app.MapGet("/invariants", edge.Answer(_ => Reply.Of(200, invariants.Check(), Wire.InvariantsAnswer)));
        app.MapGet("/version", edge.Answer(_ => Reply.Of(200, new("bank", place.Mark), Wire.VersionAnswer)));
        app.MapGet("/health", edge.Answer(_ => Reply.Of(200, statements.Health(), Wire.HealthAnswer)));
        app.MapFallback(edge.Answer(_ => Reply.Problem(404, "Not found", "There is nothing here.")));
    }
}
