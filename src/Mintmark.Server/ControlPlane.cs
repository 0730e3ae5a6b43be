using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Run;

namespace Mintmark.Server;

/// <summary>
/// The control plane as a process: takes the home, recovers from the log, and serves the API until told to stop.
/// </summary>
public static class ControlPlane
{
    /// <summary>What the process itself asks for.</summary>
    internal static readonly Actor Self = new("mintmark/server");

    private const long LargestRequest = 1 << 20;

    /// <summary>
    /// Runs until <paramref name="ct"/> is cancelled. The gateway and the instances go on running then, and the next
    /// control plane takes them over.
    /// </summary>
    /// <param name="ready">Called once, when the API answers and a gateway runs.</param>
    /// <exception cref="HomeTakenException">Another control plane runs on this home.</exception>
    /// <exception cref="LogCorruptException">The log is damaged; nothing was started.</exception>
    /// <exception cref="GatewayException">No gateway can be started.</exception>
    /// <exception cref="IOException">The address is taken.</exception>
    public static async Task RunAsync(ControlPlaneOptions options, Action ready, CancellationToken ct)
    {
        await using var held = options.Home.Take();
        RequireFree(options.Addresses.Api);
        using var storage = await Composition.OpenLogAsync(options, ct);
        var (opened, keyWarning) = Composition.OpenJournal(options.Home, storage);
        using var journal = opened;
        var troubles = new Troubles();
        var gateways = new Gateways(options, journal, troubles, TimeProvider.System);
        // Its process starts while ours makes itself ready.
        var gatewaysRun = gateways.EnsureAsync(ct);
        await using var app = Build(options, journal, gateways, troubles, storage as PostgresStorage);
        if (app.Services.GetRequiredService<ProcessRuntime>().Warning is { } warning)
        {
            troubles.Report("run: isolation", warning);
        }
        app.Services.GetRequiredService<Authors>().SweepAll();
        KeyRotation.Report(keyWarning, troubles);
        var started = new Command.Record(new Event.ControlPlaneStarted(Views.ProductVersion));
        // What the entry takes is compiled while the gateway starts; a start that fails is not in the log.
        journal.Rehearse(started, Self);
        await gatewaysRun;
        await journal.ExecuteAsync(started, Self, ct);
        await app.StartAsync(ct);
        options.Home.Publish(options.Addresses);
        ready();
        await Task.WhenAll(WarmUpAsync(app, journal, troubles), StoppedAsync(app, journal, ct));
    }

    private static async Task WarmUpAsync(WebApplication app, ReleaseJournal journal, Troubles troubles)
    {
        var json = app.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var routes = app.Services.GetRequiredService<EndpointDataSource>();
        var warming = Task.Run(() => WarmUp.Run(journal, routes, json));
        await warming.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (warming.Exception?.InnerException is { } wrong)
            troubles.Report("server: warm-up", wrong.Message);
    }

    /// <summary>Looked at before anything is started: a start that must fail leaves no gateway behind.</summary>
    private static void RequireFree(IPEndPoint address)
    {
        try
        {
            using var probe = new TcpListener(address);
            probe.Start();
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new IOException($"{address} is taken", new AddressInUseException(taken.Message, taken));
        }
    }

    private static async Task StoppedAsync(WebApplication app, ReleaseJournal journal, CancellationToken ct)
    {
        var stop = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, stop);
        await ((Task)journal.Broken).WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await app.StopAsync(CancellationToken.None);
        await app.Services.GetRequiredService<Shutdown>().FinishAsync();
        if (journal.Broken.IsCompletedSuccessfully)
        {
            throw new InvariantBrokenException(
                $"stopped, as memory may no longer agree with the log; start again to recover from it: "
                    + $"{journal.Broken.Result}"
            );
        }
        try
        {
            journal.SaveSnapshot();
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            // All is in the log: the next start takes longer, and what was asked for is done.
            app.Logger.LogWarning("no snapshot could be kept: {Failure}", full.Message);
        }
        // Whoever starts us again is to know that nobody has asked for this end.
        var parts = app.Services.GetServices<IHostedService>().OfType<BackgroundService>();
        if (parts.FirstOrDefault(part => part.ExecuteTask is { IsFaulted: true }) is { ExecuteTask: { } failed })
            await failed;
    }

    private static WebApplication Build(
        ControlPlaneOptions options,
        ReleaseJournal journal,
        Gateways gateways,
        Troubles troubles,
        PostgresStorage? shared
    )
    {
        // The default builders read settings from the folder that they are started in, and watch all folders in it.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Listen(options.Addresses.Api, listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRouting();
        builder.Services.AddProblemDetails();
        builder.Services.AddOpenApi();
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.ConfigureAsked(json.SerializerOptions));
        builder.Services.AddControlPlane(options, journal, gateways, troubles);
        if (shared is not null)
            builder.Services.AddHostedService(_ => new LeadWatch(shared, journal, TimeProvider.System));
        var app = builder.Build();
        app.UseExceptionHandler(Problems.Edge);
        app.UseStatusCodePages();
        app.UseMiddleware<Bearer>(() => journal.State, options.Home.TokenText(), options.Home.Token);
        app.MapGet("/health", _ => Task.CompletedTask).ExcludeFromDescription();
        app.MapOpenApi("/openapi.json");
        var api = app.MapGroup("/api");
        api.MapCommands();
        api.MapQueries();
        api.MapPeople();
        api.MapEvidence();
        app.MapLog();
        return app;
    }
}
