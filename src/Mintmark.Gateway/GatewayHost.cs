using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Mintmark.Gateway.Guard;
using Mintmark.Gateway.Lines;
using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Shadows;
using Mintmark.Gateway.Succession;
using Mintmark.Gateway.Telemetry;
using Mintmark.Gateway.Tls;
using Mintmark.Gateway.Wire;
using Mintmark.Route;
using Yarp.ReverseProxy.Forwarder;

namespace Mintmark.Gateway;

/// <summary>A gateway: the data plane on TCP, and its control on a Unix domain socket, both in this process.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private static readonly TimeSpan DrainAtMost = TimeSpan.FromSeconds(30);

    /// <summary>For connections that stand idle to bring one more request, when another gateway takes over.</summary>
    private static readonly TimeSpan FarewellAtMost = TimeSpan.FromSeconds(5);

    /// <summary>For it to say that it is in charge: one that hangs must not keep us here.</summary>
    private static readonly TimeSpan HeirAtMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DisksAtMost = TimeSpan.FromSeconds(2);

    /// <summary>For lines of the gateway before, where another one may wait for the folder.</summary>
    private static readonly TimeSpan LinesAtMost = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LastReportAtMost = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    private readonly GatewayFolder folder;
    private readonly Predecessor? predecessor;
    private readonly Entrance entrance;
    private readonly Visitors visitors = new();
    private readonly Crowd crowd;
    private readonly TurnedAway turnedAway = new(TimeProvider.System);
    private readonly Changes changes = new(TimeProvider.System);
    private readonly KeptTrips trips;
    private readonly Switchboard board;
    private readonly KeptTable kept;
    private readonly Contact contact;
    private readonly Connections connections;
    private readonly HttpMessageInvoker http;
    private readonly WebApplication traffic;
    private readonly WebApplication control;
    private readonly AccessLog? log;
    private readonly IDisposable refused;
    private readonly Recorder? recorder;
    private readonly Prober prober;
    private readonly Shadower shadower;
    private readonly CancellationTokenSource ending = new();
    private readonly Reloaded<Certificates>? certificates;
    private readonly Reloaded<ClientAuthorities>? clients;
    private Task probing = Task.CompletedTask;
    private Task shadowing = Task.CompletedTask;
    private Task renewing = Task.CompletedTask;
    private Task watching = Task.CompletedTask;
    private Task inheriting = Task.CompletedTask;
    private Task awaitingHeir = Task.CompletedTask;
    private Task opening = Task.CompletedTask;
    private Stream? heir;

    /// <summary>The control plane has sent a route table, which is in force.</summary>
    private readonly TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>By the control plane, which starts no other one then.</summary>
    private volatile bool isToldToEnd;
    private readonly TaskCompletionSource drained = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayHost(
        GatewayOptions options,
        GatewayFolder folder,
        Reloaded<Certificates>? certificates,
        Reloaded<ClientAuthorities>? clients,
        Predecessor? predecessor
    )
    {
        this.certificates = certificates;
        this.clients = clients;
        this.folder = folder;
        this.predecessor = predecessor;
        http = Upgrades.Client();
        connections = new Connections(options.KeepIdle);
        var name = $"gateway-{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds():x}-{Random.Shared.Next(1 << 16):x4}";
        trips = new KeptTrips(folder);
        board = new Switchboard(name, changes, connections, TimeProvider.System, trips, options.Name);
        entrance = new Entrance(predecessor?.Sockets ?? []);
        crowd = new Crowd(options.ClientLimits.Crowd);
        log = Log(options.AccessLog, isOpen: predecessor is null);
        var doorkeeper = new Doorkeeper(turnedAway, log, TimeProvider.System);
        crowd.WhenFull = doorkeeper.Tell;
        traffic = Listeners.Traffic(options, certificates, clients, entrance, visitors, crowd, doorkeeper);
        var upgrades = new Upgrades(traffic.Services.GetRequiredService<IHttpForwarder>(), http);
        var secret = folder.Secret();
        var ways = new Ways(new Forwarder(connections), upgrades);
        contact = new Contact(() => board.InForce, Notice.Say, TimeProvider.System);
        var gauges = new Gauges(board, crowd, turnedAway, contact, TimeProvider.System);
        recorder = options.Telemetry is { } telemetry ? new Recorder(telemetry, name, board, gauges) : null;
        shadower = new Shadower(board, ways, TimeProvider.System);
        var (lots, callers) = (new Lots(secret), new Callers(secret, options.ClientHeader, clients is not null));
        var door = new FrontDoor(board, lots, callers, ways, shadower, log, recorder, visitors, turnedAway);
        traffic.Run(door.HandleAsync);
        refused = Malformed.Watch(traffic, log, turnedAway, TimeProvider.System);
        prober = new Prober(board, ways, TimeProvider.System);
        control = Listeners.Control(folder.ControlSocket);
        kept = new KeptTable(folder);
        new ControlApi(board, kept, changes, options, contact, Condition, () => told.TrySetResult(), ToldToEnd).Map(
            control
        );
        if (kept.Read() is var (table, since))
            board.Restore(table, since);
    }

    /// <summary>Where it listens, with the port it was given.</summary>
    public IPEndPoint Address => Addresses[0];

    /// <summary>The same for TLS and then for HTTP/2 without it, as far as they are asked for.</summary>
    public IReadOnlyList<IPEndPoint> Addresses => Listeners.AddressesOf(traffic);

    public string ControlSocket => folder.ControlSocket;

    /// <summary>Serves until it is cancelled or told to drain.</summary>
    /// <returns>The process's exit status, of <see cref="GatewayExit"/>.</returns>
    public static async Task<int> RunAsync(GatewayOptions options, CancellationToken ct)
    {
        try
        {
            await using var gateway = await StartAsync(options, ct);
            await gateway.UntilDrainedAsync(ct);
            return GatewayExit.Done;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return GatewayExit.Done;
        }
        catch (CannotStartException wrong)
        {
            Notice.Say(wrong.Message);
            return wrong.Exit;
        }
    }

    /// <summary>Takes requests, and tables, when this returns.</summary>
    /// <exception cref="CannotStartException">The port or the folder is taken or out of reach.</exception>
    public static async Task<GatewayHost> StartAsync(GatewayOptions options, CancellationToken ct)
    {
        var certificates = Opened(options);
        var folder = options.Replace
            ? GatewayFolder.Open(options.Home, options.Name)
            : GatewayFolder.Hold(options.Home, options.Name);
        var predecessor = options.Replace ? Predecessor.Ask(folder.HandoverSocket) : null;
        if (predecessor is not null)
            folder.Hold(predecessor.Lock);
        var gateway = new GatewayHost(options, folder, certificates, Clients(options), predecessor);
        try
        {
            gateway.RequireTable();
            await Listeners.StartAsync(gateway.traffic, options.Places(), ct);
            await Listeners.StartAsync(gateway.control, gateway.ControlSocket, ct);
            gateway.TakeOver(options.AwaitTable);
            gateway.Begin();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who takes over must not answer that it knows no routes, or by routes of before a halt.</summary>
    private void RequireTable()
    {
        if (predecessor is not null && board.Table.Revision < predecessor.Revision)
            throw new CannotStartException("the route table of the gateway that runs is not on disk");
    }

    /// <summary>
    /// Nobody comes in before we go by the last table that the one before has confirmed: a halt, maybe.
    /// </summary>
    /// <param name="patience">For a table, where nobody was here before.</param>
    private void TakeOver(TimeSpan patience)
    {
        if (predecessor is not null)
        {
            predecessor.Relieve();
            entrance.LetGo();
            trips.Read();
            if (kept.Read() is not var (table, since))
                board.Forget();
            else if (table.Revision != board.Table.Revision)
                board.Restore(table, since);
            else
                board.Recall();
        }
        if (predecessor is null && patience > TimeSpan.Zero)
            opening = OpenAsync(patience);
        else
            entrance.Open();
        folder.Announce();
        predecessor?.Succeed();
        log?.Open();
    }

    /// <summary>
    /// Who comes waits for as long as we wait for a table. Where none is sent, that on disk is better than none.
    /// </summary>
    private async Task OpenAsync(TimeSpan patience)
    {
        await told.Task.WaitAsync(patience, ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (ending.IsCancellationRequested)
            return;
        if (!told.Task.IsCompleted)
            Notice.Say($"no control plane has sent a route table within {patience.TotalSeconds:0} s");
        entrance.Open();
    }

    private void Begin()
    {
        probing = prober.RunAsync(ending.Token);
        shadowing = shadower.RunAsync(ending.Token);
        watching = contact.RunAsync(ending.Token);
        renewing = Task.WhenAll(
            certificates?.RunAsync(ending.Token) ?? Task.CompletedTask,
            clients?.RunAsync(ending.Token) ?? Task.CompletedTask
        );
        inheriting = log is null || predecessor is null ? Task.CompletedTask : predecessor.ReadLinesAsync(log.Add);
        var next = new Heir(
            folder.HandoverSocket,
            entrance,
            folder.Held,
            opening,
            () => board.Table.Revision,
            GiveWayAsync,
            Bequeath,
            TimeProvider.System
        );
        awaitingHeir = next.WaitAsync(ending.Token);
    }

    private ConditionReport Condition()
    {
        var (table, limits) = (board.InForce, crowd.Limits);
        return new ConditionReport(
            board.Name,
            new TableReport(table.Revision, table.Since, table.FromDisk, contact.Heard),
            new ConnectionsReport(crowd.Count, limits.InAll, limits.Each),
            turnedAway.Report()
        );
    }

    private async Task GiveWayAsync()
    {
        kept.GiveWay();
        folder.GiveWay();
        visitors.Leave();
        await entrance.CloseAsync(CancellationToken.None);
        // The one that waits for us gives up after a minute, and then nobody lets clients in: no disk is worth that.
        await Task.WhenAll(log?.GiveWayAsync() ?? Task.CompletedTask, trips.FinishAsync())
            .WaitAsync(DisksAtMost)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        trips.GiveWay();
    }

    private void Bequeath(Stream? next)
    {
        heir = next;
        board.Leave(folder.LeavingName);
        if (next is null)
            log?.TakeBack();
        else
            log?.GoOnTo(next);
        drained.TrySetResult();
    }

    private void ToldToEnd()
    {
        isToldToEnd = true;
        drained.TrySetResult();
    }

    /// <summary>Completes when the control plane has asked for a drain, or at the cancellation.</summary>
    public Task UntilDrainedAsync(CancellationToken ct)
    {
        ct.Register(() => drained.TrySetResult());
        return drained.Task;
    }

    private static Reloaded<Certificates>? Opened(GatewayOptions options)
    {
        if (options.Certificate is not { } paths)
            return null;
        var certificates = Certificates.Of(paths, Notice.Say, TimeProvider.System);
        certificates.Open();
        return certificates;
    }

    private static Reloaded<ClientAuthorities>? Clients(GatewayOptions options)
    {
        if (options.ClientAuthorities is not { } file)
            return null;
        var clients = ClientAuthorities.Of(file, options.AreClientsRequired, Notice.Say, TimeProvider.System);
        clients.Open();
        return clients;
    }

    private static AccessLog? Log(string? folder, bool isOpen)
    {
        if (folder is null)
            return null;
        var files = new LineFiles(folder);
        if (isOpen)
            files.Prepare();
        return new AccessLog(files, TimeProvider.System, isOpen);
    }

    /// <summary>Takes nothing new and lets what is in flight finish, and reports it to the last.</summary>
    public async ValueTask DisposeAsync()
    {
        if (visitors.AreLeaving)
        {
            // Who goes on with the access log is known only then.
            await awaitingHeir.WaitAsync(HeirAtMost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            // The crowd has them from when they come in, before the web server knows of them.
            await WaitAsync(() => crowd.Count == 0, FarewellAtMost);
        }
        await ending.CancelAsync();
        await EndAsync(Task.WhenAll(probing, shadowing, renewing, watching, awaitingHeir, opening));
        using var patience = new CancellationTokenSource(DrainAtMost);
        await traffic.StopAsync(patience.Token);
        if (visitors.AreLeaving)
            await WaitAsync(() => changes.IsTold, LastReportAtMost);
        await control.StopAsync(patience.Token);
        await traffic.DisposeAsync();
        await control.DisposeAsync();
        refused.Dispose();
        // Whoever was here before us may have lines still, and nobody else to give them to; but somebody may wait for
        // the folder.
        if (!visitors.AreLeaving && !isToldToEnd)
            patience.CancelAfter(LinesAtMost);
        await inheriting.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        predecessor?.Dispose();
        await EndAsync(inheriting);
        if (log is not null)
            await log.DisposeAsync();
        await trips.FinishAsync();
        if (heir is not null)
            await heir.DisposeAsync();
        entrance.Dispose();
        recorder?.Dispose();
        http.Dispose();
        connections.Dispose();
        ending.Dispose();
        folder.Dispose();
    }

    /// <summary>What went wrong beside the requests is no reason to break off those that are under way.</summary>
    private static async Task EndAsync(Task beside)
    {
        await beside.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var wrong in beside.Exception?.InnerExceptions ?? [])
            Notice.Say($"a task beside the requests has failed: {wrong}");
    }

    private static async Task WaitAsync(Func<bool> isSo, TimeSpan atMost)
    {
        var began = Stopwatch.GetTimestamp();
        while (!isSo() && Stopwatch.GetElapsedTime(began) < atMost)
            await Task.Delay(Glance);
    }
}
