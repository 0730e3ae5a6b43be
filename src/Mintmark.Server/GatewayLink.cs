using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Run;
using Mintmark.Ship;
using Mintmark.Watch;

namespace Mintmark.Server;

/// <summary>
/// Keeps the gateway's route table equal to the state's, and brings what the gateway counts into the log. The gateway
/// never waits for any of it.
/// </summary>
internal sealed class GatewayLink(
    GatewayClient client,
    GatewayKeeper keeper,
    ReleaseJournal journal,
    TimeProvider clock,
    Troubles troubles
) : BackgroundService, IDrain
{
    private static readonly Actor Self = new("mintmark/route");
    private static readonly TimeSpan RequestCountsEach = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private readonly Pulse moved = new();
    private readonly Refusals refusals = new(troubles);
    private volatile Contact contact = new(null, null, -1);
    private readonly HashSet<Mark> warned = [];
    private DateTimeOffset countedAt;

    public bool Connected => contact.Report is not null;

    /// <summary>
    /// Size of the log up to which the gateway routes as the state says; -1 while there is no gateway.
    /// </summary>
    public long InForce => contact.InForce;

    /// <summary>What the gateway knows of a version's recent past.</summary>
    public Past Past(Mark mark)
    {
        GatewayReport[] reports = contact.Report is { } report ? [report] : [];
        return new(Pasts.Quantiles(reports, mark), Pasts.Rates(reports, mark));
    }

    /// <summary>
    /// Not routed to any more, and nothing in flight, as the gateway itself said after it had that table.
    /// </summary>
    public bool IsDrained(InstanceId id, DateTimeOffset since)
    {
        var (report, table, _) = contact;
        return report is not null
            && table is not null
            && report.Revision >= table.Revision
            && !Targets(table).Any(t => t.Instance == id)
            && report.Instances.All(load => load.Instance != id || load.InFlight == 0);
    }

    /// <summary>Who calls which version, asked of the gateway now; none where it does not say.</summary>
    public async Task<IReadOnlyList<ClientsReport>> ClientsAsync(CancellationToken ct)
    {
        if (!Connected)
            return [];
        try
        {
            return await client.ClientsAsync(ct);
        }
        catch (Exception failure) when (!ct.IsCancellationRequested && IsSilence(failure))
        {
            return [];
        }
    }

    public async Task<bool> InForceAsync(long revision, TimeSpan limit, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(limit);
        while (InForce < revision)
        {
            var next = moved.Next;
            if (InForce >= revision)
                return true;
            await next.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (patience.IsCancellationRequested)
                return InForce >= revision;
        }
        return true;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(PushAsync(stoppingToken), ListenAsync(stoppingToken));

    private async Task PushAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            var next = moved.Next;
            var state = journal.State;
            var changed = journal.ChangedAsync(state.Size, ct);
            await TryPushAsync(state, ct);
            await ((Task)Task.WhenAny(changed, next))
                .WaitAsync(ct)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TryPushAsync(State state, CancellationToken ct)
    {
        var before = contact;
        if (before.Report is null || before.InForce >= state.Size)
            return;
        var table = Routes.From(state);
        var same = before.Table is { } inForce && Routes.Same(inForce, table);
        try
        {
            if (!same)
                await client.PutAsync(table, ct);
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            if (!ct.IsCancellationRequested)
                troubles.Report("gateway", $"it takes no route table: {failure.Message}");
            return;
        }
        // A gateway that was started anew while we wrote has forgotten the table: only an unbroken contact moves on.
        var after = before with
        {
            Table = same ? before.Table : table,
            InForce = state.Size,
        };
        while (contact is var present && present.Report?.Gateway == before.Report.Gateway)
        {
            if (Interlocked.CompareExchange(ref contact, after with { Report = present.Report }, present) == present)
                break;
        }
        moved.Set();
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        var sequence = 0L;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var report = await client.ReportAsync(sequence, ct);
                sequence = report.Sequence;
                troubles.Clear("gateway");
                Hear(report);
                await RecordAsync(report, ct);
                troubles.Clear("log");
            }
            catch (LogStorageException full)
            {
                // Counts only grow: the next report that finds room brings what this one could not.
                troubles.Report("log", full.Message);
            }
            catch (Exception failure) when (!ct.IsCancellationRequested && IsSilence(failure))
            {
                contact = new Contact(null, null, -1);
                sequence = 0;
                await ReviveAsync(failure, ct);
            }
        }
    }

    private static bool IsSilence(Exception failure) =>
        failure is HttpRequestException or OperationCanceledException or JsonException;

    private void Hear(GatewayReport report)
    {
        var anew = contact.Report?.Gateway != report.Gateway;
        while (contact is var present)
        {
            var next = anew ? new Contact(report, null, -1) : present with { Report = report };
            if (Interlocked.CompareExchange(ref contact, next, present) == present)
                break;
        }
        if (anew)
            moved.Set();
        Warn(report.Ignored);
        refusals.Hear(report.Refused ?? [], clock.GetUtcNow());
    }

    private void Warn(IReadOnlyList<IgnoredReport> ignored)
    {
        foreach (var gone in warned.Except(ignored.Select(i => i.Mark)).ToList())
        {
            warned.Remove(gone);
            troubles.Clear($"{gone}");
        }
        foreach (var said in ignored)
        {
            warned.Add(said.Mark);
            troubles.Report($"{said.Mark}", Words(said));
        }
    }

    private static string Words(IgnoredReport said) =>
        said.Signals > 0
            ? $"it sends signals that its mint.yaml does not declare ({string.Join(", ", said.Names)}): not counted"
            : $"it sends values in Mint-Value that are none: not counted; accepted: {Money.Accepted}";

    private async Task ReviveAsync(Exception failure, CancellationToken ct)
    {
        try
        {
            troubles.Report("gateway", $"it does not answer: {failure.Message}");
            await keeper.EnsureAsync(ct);
        }
        catch (Exception why) when (why is GatewayException || (IsSilence(why) && !ct.IsCancellationRequested))
        {
            troubles.Report("gateway", why.Message);
            await Task.Delay(RetryAfter, clock, ct);
        }
    }

    private async Task RecordAsync(GatewayReport report, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var due = now - countedAt >= RequestCountsEach;
        if (due)
            countedAt = now;
        foreach (var news in Reports.News(journal.State, report, due).ToList())
        {
            await journal.ExecuteAsync(new Command.Record(news), Self, ct);
        }
        foreach (var news in Reports.Shadowed(journal.State, report, due).ToList())
            await journal.ExecuteAsync(new Command.Record(news), Self, ct);
        foreach (var trip in Reports.Trips(journal.State, report).ToList())
        {
            var state = journal.State;
            var release = state.Releases[trip.Release];
            var verdict = Verdicts.Tripped(state, release);
            await journal.ExecuteAsync(new Command.Record(verdict), Self, ct);
        }
    }

    private static IEnumerable<Target> Targets(RouteTable table) =>
        table.Services.SelectMany(s =>
            new[] { s.Baseline, s.Comparison?.Candidate, s.Shadow?.Candidate, s.Rehearsal?.Candidate }.SelectMany(arm =>
                arm?.Targets ?? []
            )
        );

    /// <param name="Table">The last table that this run of the gateway took.</param>
    private sealed record Contact(GatewayReport? Report, RouteTable? Table, long InForce);
}
