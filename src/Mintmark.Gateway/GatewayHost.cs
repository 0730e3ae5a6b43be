using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Mintmark.Gateway.Lines;
using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Shadows;
using Mintmark.Gateway.Telemetry;
using Mintmark.Gateway.Tls;
using Yarp.ReverseProxy.Forwarder;

namespace Mintmark.Gateway;

/// <summary>A gateway: the data plane on TCP, and its control on a Unix domain socket, both in this process.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private static readonly TimeSpan DrainAtMost = TimeSpan.FromSeconds(30);

    private readonly GatewayFolder folder;
    private readonly Connections connections = new();
    private readonly HttpMessageInvoker http;
    private readonly WebApplication traffic;
    private readonly WebApplication control;
    private readonly AccessLog? log;
    private readonly IDisposable? refused;
    private readonly Recorder? recorder;
    private readonly Prober prober;
    private readonly Shadower shadower;
    private readonly CancellationTokenSource ending = new();
    private readonly CertificateFiles? certificates;
    private Task probing = Task.CompletedTask;
    private Task shadowing = Task.CompletedTask;
    private Task renewing = Task.CompletedTask;
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayHost(GatewayOptions options, GatewayFolder folder, CertificateFiles? certificates)
    {
        this.certificates = certificates;
        this.folder = folder;
        http = Upgrades.Client();
        var changes = new Changes(TimeProvider.System);
        var name = $"gateway-{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds():x}-{Random.Shared.Next(1 << 16):x4}";
        var board = new Switchboard(name, changes, connections, TimeProvider.System);
        traffic = Listeners.Traffic(options, certificates);
        var upgrades = new Upgrades(traffic.Services.GetRequiredService<IHttpForwarder>(), http);
        var secret = folder.Secret();
        var ways = new Ways(new Forwarder(connections), upgrades);
        log = Log(options.AccessLog);
        recorder = options.Telemetry is { } telemetry ? new Recorder(telemetry, name, board) : null;
        shadower = new Shadower(board, ways, TimeProvider.System);
        var door = new FrontDoor(board, new Lots(secret), new Callers(secret), ways, shadower, log, recorder);
        traffic.Run(door.HandleAsync);
        if (log is not null)
            refused = Malformed.Watch(traffic, log, TimeProvider.System);
        prober = new Prober(board, ways, TimeProvider.System);
        control = Listeners.Control(folder.ControlSocket);
        var kept = new KeptTable(folder);
        new ControlApi(board, kept, changes, options, () => drained.TrySetResult()).Map(control);
        if (kept.Read() is var (table, since))
            board.Restore(table, since);
    }

    /// <summary>Where it listens, with the port it was given.</summary>
    public IPEndPoint Address => Addresses[0];

    /// <summary>The same for TLS and then for HTTP/2 without it, as far as they are asked for.</summary>
    public IReadOnlyList<IPEndPoint> Addresses => Listeners.AddressesOf(traffic);

    public string ControlSocket => folder.ControlSocket;

    /// <summary>Serves until it is cancelled or told to drain.</summary>
    /// <returns>The process's exit status: 0 done, 3 could not start.</returns>
    public static async Task<int> RunAsync(GatewayOptions options, CancellationToken ct)
    {
        try
        {
            await using var gateway = await StartAsync(options, ct);
            await gateway.UntilDrainedAsync(ct);
            return 0;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return 0;
        }
        catch (CannotStartException wrong)
        {
            await Console.Error.WriteLineAsync($"gateway: {wrong.Message}");
            return 3;
        }
    }

    /// <summary>Takes requests, and tables, when this returns.</summary>
    /// <exception cref="CannotStartException">The port or the folder is taken or out of reach.</exception>
    public static async Task<GatewayHost> StartAsync(GatewayOptions options, CancellationToken ct)
    {
        var certificates = Certificates(options);
        var gateway = new GatewayHost(options, GatewayFolder.Hold(options.Home), certificates);
        try
        {
            await Listeners.StartAsync(gateway.traffic, options.Places(), ct);
            await Listeners.StartAsync(gateway.control, gateway.ControlSocket, ct);
            gateway.folder.MakeSocketPrivate();
            gateway.folder.WritePid();
            gateway.probing = gateway.prober.RunAsync(gateway.ending.Token);
            gateway.shadowing = gateway.shadower.RunAsync(gateway.ending.Token);
            gateway.renewing = gateway.certificates?.RunAsync(gateway.ending.Token) ?? Task.CompletedTask;
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Completes when the control plane has asked for a drain, or at the cancellation.</summary>
    public Task UntilDrainedAsync(CancellationToken ct)
    {
        ct.Register(() => drained.TrySetResult());
        return drained.Task;
    }

    private static CertificateFiles? Certificates(GatewayOptions options)
    {
        if (options.Certificate is not { } paths)
            return null;
        var certificates = new CertificateFiles(paths, Say, TimeProvider.System);
        certificates.Open();
        return certificates;
    }

    private static void Say(string what) => Console.Error.WriteLine($"gateway: {what}");

    private static AccessLog? Log(string? folder)
    {
        if (folder is null)
            return null;
        var files = new LineFiles(folder);
        files.Prepare();
        return new AccessLog(files, TimeProvider.System);
    }

    /// <summary>Takes nothing new and lets what is in flight finish, and reports it to the last.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await probing;
        await shadowing;
        await renewing;
        using var patience = new CancellationTokenSource(DrainAtMost);
        await traffic.StopAsync(patience.Token);
        await control.StopAsync(patience.Token);
        await traffic.DisposeAsync();
        await control.DisposeAsync();
        refused?.Dispose();
        if (log is not null)
            await log.DisposeAsync();
        recorder?.Dispose();
        http.Dispose();
        connections.Dispose();
        ending.Dispose();
        folder.Dispose();
    }
}
