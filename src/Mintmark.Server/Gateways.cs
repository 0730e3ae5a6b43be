using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Run;
using Mintmark.Ship;

namespace Mintmark.Server;

/// <summary>
/// All gateways of the home. Each has a link of its own, so that none waits for another; what is asked here is asked of
/// all.
/// </summary>
internal sealed class Gateways : BackgroundService, IDrain
{
    private static readonly TimeSpan HandoverAtMost = TimeSpan.FromSeconds(10);

    private readonly ReleaseJournal journal;
    private readonly ControlPlaneOptions options;
    private readonly Troubles troubles;
    private readonly TimeProvider clock;
    private readonly GatewayNotices notices;
    private readonly Pulse moved = new();
    private readonly Pulse joined = new();
    private readonly Lock changing = new();
    private readonly SemaphoreSlim replacing = new(1);
    private volatile ImmutableList<GatewayLink> links;

    public Gateways(ControlPlaneOptions options, ReleaseJournal journal, Troubles troubles, TimeProvider clock)
    {
        (this.options, this.journal, this.troubles, this.clock) = (options, journal, troubles, clock);
        notices = new GatewayNotices(troubles, clock);
        links = [.. GatewayPlace.Of(options).Select(place => Link(place))];
    }

    /// <summary>At least one answers.</summary>
    public bool Connected => links.Any(link => link.Connected);

    /// <summary>
    /// Size of the log up to which all that answer route as the state says; -1 while none does, and while one that took
    /// another one's place has not been met.
    /// </summary>
    public long InForce => Contact.InForceOf([.. links.Select(link => link.Contact)]);

    /// <summary>The first one first.</summary>
    public IReadOnlyList<GatewayStatus> Status => [.. links.Select(link => link.Status)];

    /// <summary>The same, with what each says of itself when asked.</summary>
    public async Task<IReadOnlyList<GatewayStatus>> StatusAsync(CancellationToken ct) =>
        await Task.WhenAll(links.Select(link => link.StatusAsync(ct)));

    /// <summary>
    /// Those that do not answer: if they run they go by the table that they had.
    /// </summary>
    /// <param name="waitedFor">Also those that have not confirmed this size of the log; null for none.</param>
    public IReadOnlyList<GatewayStatus> Away(long? waitedFor) =>
        [
            .. links
                .Where(link => !link.HasEnded && (!link.Connected || link.Contact.InForce < waitedFor))
                .Select(link => link.Status),
        ];

    /// <summary>What gateways know of a version's recent past.</summary>
    public Past Past(Mark mark)
    {
        var reports = links.Select(link => link.Contact.Report).OfType<GatewayReport>().ToList();
        return new(Pasts.Quantiles(reports, mark), Pasts.Rates(reports, mark));
    }

    /// <summary>
    /// Whether all that they had to say until that long ago is in the log; not while one is away that may serve.
    /// </summary>
    public bool IsHeardUntil(TimeSpan ago) => links.All(link => link.HasEnded || link.IsHeardUntil(ago));

    /// <summary>None serves any more.</summary>
    public bool HaveEnded => links.All(link => !GatewayClient.Listens(link.LeavingSocket ?? link.Place.Socket));

    /// <summary>As each of them says; one that does not answer may still have requests for it.</summary>
    public bool IsDrained(InstanceId id, DateTimeOffset since) => links.All(link => link.Contact.IsDrained(id));

    /// <summary>Who calls which version, asked of the gateways now; none where none says.</summary>
    public async Task<IReadOnlyList<ClientsReport>> ClientsAsync(CancellationToken ct) =>
        Pasts.Together(await Task.WhenAll(links.Select(link => link.ClientsAsync(ct))));

    /// <summary>Comes back when all that answer go by that much of the log, or take longer than the limit.</summary>
    /// <param name="limit">Begins anew while a gateway is replaced: the process that serves next has to be met.</param>
    public async Task<bool> InForceAsync(long revision, TimeSpan limit, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var since = began;
        while (InForce < revision)
        {
            var next = moved.Next;
            if (InForce >= revision)
                return true;
            if (IsReplacing && clock.GetElapsedTime(began) < HandoverAtMost)
                since = clock.GetTimestamp();
            var left = limit - clock.GetElapsedTime(since);
            if (left <= TimeSpan.Zero)
                return false;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(next, Task.Delay(left, clock, over.Token));
            await over.CancelAsync();
            ct.ThrowIfCancellationRequested();
        }
        return true;
    }

    private bool IsReplacing => replacing.CurrentCount == 0 || links.Any(link => link.Contact.IsAwaited);

    /// <summary>
    /// Makes sure that each runs. One that ran beside them and is not named any more is ended: nobody would tell it of
    /// a halt. One that hangs is left to its link, as long as another one answers.
    /// </summary>
    /// <exception cref="GatewayException">One cannot be started, or none answers; says why.</exception>
    public async Task EnsureAsync(CancellationToken ct)
    {
        var named = links;
        foreach (var link in named)
            FindLeaving(link.Place);
        // At once: clients of one that is started wait until all is ready to send it a table.
        var silent = (await Task.WhenAll(named.Select(link => MeetAsync(link, ct))))
            .OfType<GatewaySilentException>()
            .ToList();
        if (silent.Count == named.Count)
            throw silent[0];
        var folders = Directory.Exists(options.Home.Gateways) ? Directory.GetDirectories(options.Home.Gateways) : [];
        foreach (var folder in folders.Where(f => links.All(link => link.Place.Folder != f)))
        {
            if (await IsToldToEndAsync(Path.Combine(folder, "control.sock"), ct))
            {
                DeleteTable(folder);
                continue;
            }
            troubles.Report(
                $"gateway {Path.GetFileName(folder)}",
                "it is not named any more, and does not answer: end its process"
            );
        }
    }

    /// <returns>Why it does not answer; null where it does.</returns>
    private async Task<GatewaySilentException?> MeetAsync(GatewayLink link, CancellationToken ct)
    {
        try
        {
            await link.Keeper.EnsureAsync(renew: true, ct);
        }
        catch (GatewayNotRenewedException old)
        {
            troubles.Report(link.Place.PartOfBuild, old.Message);
        }
        catch (GatewaySilentException hangs)
        {
            troubles.Report(link.Place.Part, hangs.Message);
            return hangs;
        }
        return null;
    }

    /// <summary>Of one that was killed, and may be named again some day.</summary>
    private void DeleteTable(string folder)
    {
        try
        {
            File.Delete(Path.Combine(folder, "table"));
        }
        catch (Exception stuck) when (stuck is IOException or UnauthorizedAccessException)
        {
            troubles.Report($"gateway {Path.GetFileName(folder)}", $"its route table stays: {stuck.Message}");
        }
    }

    /// <summary>Has another process take the place of each, or of one; no request of a client is lost.</summary>
    /// <param name="address">Of one of them; null for all.</param>
    /// <returns>Null where none has that address.</returns>
    /// <exception cref="GatewayException">One cannot be replaced, and goes on.</exception>
    public async Task<Replaced?> ReplaceAsync(string? address, CancellationToken ct)
    {
        var chosen = links.Where(l => !l.IsLeaving && (address is null || l.Place.Address.ToString() == address));
        var places = chosen.Select(link => link.Place).ToList();
        if (places.Count == 0)
            return null;
        await replacing.WaitAsync(ct);
        try
        {
            foreach (var place in places)
                await ReplaceAsync(place, ct);
        }
        finally
        {
            replacing.Release();
            moved.Set();
        }
        return new Replaced([.. places.Select(place => Serving(place).Status)]);
    }

    private async Task ReplaceAsync(GatewayPlace place, CancellationToken ct)
    {
        var before = Serving(place);
        await before.Keeper.ReplaceAsync(
            () => Task.FromResult(Serving(place) is { Connected: true } now && now != before),
            ct
        );
    }

    private GatewayLink Serving(GatewayPlace place) => links.First(l => l.Place == place && !l.IsLeaving);

    /// <summary>One that gave way while there was no control plane, or unheard, or at our start.</summary>
    private void FindLeaving(GatewayPlace place)
    {
        lock (changing)
        {
            var sockets = Directory.Exists(place.Folder) ? Directory.GetFiles(place.Folder, "leaving-*.sock") : [];
            foreach (var socket in sockets.Where(found => links.All(known => known.LeavingSocket != found)))
            {
                if (!GatewayClient.Listens(socket))
                {
                    File.Delete(socket);
                    continue;
                }
                // Until it has been heard, nobody knows by what it goes.
                var link = Link(place, isAwaited: true);
                link.Leave(socket);
                Join(link);
            }
        }
    }

    private void Join(GatewayLink link)
    {
        lock (changing)
            links = links.Add(link);
        joined.Set();
    }

    private void Part(GatewayLink link)
    {
        lock (changing)
            links = links.Remove(link);
        link.Client.Dispose();
        moved.Set();
    }

    /// <summary>Tells each to answer what it has and to end.</summary>
    public Task DrainAsync(CancellationToken ct) =>
        Task.WhenAll(links.Select(link => IsToldToEndAsync(link.LeavingSocket ?? link.Place.Socket, ct)));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new Dictionary<Task, GatewayLink>();
        var known = new HashSet<GatewayLink>();
        while (!stoppingToken.IsCancellationRequested)
        {
            var next = joined.Next;
            foreach (var link in links.Where(known.Add))
                running.Add(link.RunAsync(stoppingToken), link);
            var over = await Task.WhenAny([next, .. running.Keys]);
            if (!running.Remove(over, out var left))
                continue;
            await over;
            Part(left);
        }
        await Task.WhenAll(running.Keys);
    }

    private GatewayLink Link(GatewayPlace place, bool isAwaited = false)
    {
        var client = new GatewayClient(place.Socket);
        var keeper = new GatewayKeeper(options.Home, place, options.Otlp, client, clock);
        return new GatewayLink(
            place,
            client,
            keeper,
            journal,
            clock,
            troubles,
            notices,
            moved,
            left => Join(Link(left.Place, isAwaited: true)),
            FindLeaving,
            isAwaited
        );
    }

    /// <returns>False where it does not answer; it reads what it was told once it goes on.</returns>
    private static async Task<bool> IsToldToEndAsync(string socket, CancellationToken ct)
    {
        if (!File.Exists(socket))
            return true;
        try
        {
            using var client = new GatewayClient(socket);
            await client.DrainAsync(ct);
        }
        catch (HttpRequestException)
        {
            // It is gone already.
        }
        catch (TaskCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
        return true;
    }

    public override void Dispose()
    {
        replacing.Dispose();
        foreach (var link in links)
            link.Client.Dispose();
        base.Dispose();
    }
}
