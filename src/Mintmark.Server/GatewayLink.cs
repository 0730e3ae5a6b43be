using System.Text.Json;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Watch;

namespace Mintmark.Server;

/// <summary>
/// Keeps one gateway's route table equal to the state's, and brings what it counts into the log. The gateway never
/// waits for any of it.
/// </summary>
/// <param name="moved">Set when a gateway has come to where the state is, or is another than before.</param>
/// <param name="left">Called once when the gateway says that another one has taken its place.</param>
internal sealed class GatewayLink(
    GatewayPlace place,
    GatewayClient client,
    GatewayKeeper keeper,
    ReleaseJournal journal,
    TimeProvider clock,
    Troubles troubles,
    GatewayNotices notices,
    Pulse moved,
    Action<GatewayLink> left
)
{
    private static readonly Actor Self = new("mintmark/route");
    private static readonly TimeSpan RequestCountsEach = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private volatile Contact contact = new(null, null, -1);
    private volatile Heard? last;
    private DateTimeOffset countedAt;

    public GatewayPlace Place => place;

    /// <summary>Where a gateway is controlled that another one has replaced; null of one that serves.</summary>
    public string? LeavingSocket { get; private set; }

    public bool IsLeaving => LeavingSocket is not null;

    public GatewayClient Client => client;

    public GatewayKeeper Keeper => keeper;

    public GatewayReport? Report => contact.Report;

    public bool Connected => contact.Report is not null;

    /// <summary>
    /// Size of the log up to which the gateway routes as the state says; -1 while there is no gateway.
    /// </summary>
    public long InForce => contact.InForce;

    public GatewayStatus Status
    {
        get
        {
            var (report, _, inForce) = contact;
            return new GatewayStatus(
                place.Address.ToString(),
                report is not null,
                report is null ? last?.InForce ?? -1 : inForce,
                report?.Gateway ?? last?.Gateway,
                last?.At,
                IsLeaving ? true : null
            );
        }
    }

    /// <summary>
    /// Not routed to any more, and nothing in flight, as the gateway itself said after it had that table.
    /// </summary>
    public bool IsDrained(InstanceId id)
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

    /// <summary>With what the gateway says of itself now, where it does.</summary>
    public async Task<GatewayStatus> StatusAsync(CancellationToken ct)
    {
        var status = Status;
        if (!Connected)
            return status;
        try
        {
            var condition = await client.ConditionAsync(ct);
            return status with
            {
                Table = condition.Table,
                Connections = condition.Connections,
                TurnedAway = condition.TurnedAway,
            };
        }
        catch (Exception failure) when (!ct.IsCancellationRequested && IsSilence(failure))
        {
            return status;
        }
    }

    /// <summary>Until it is cancelled; of one that leaves, until it has left.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var pushing = PushAsync(over.Token);
        await ListenAsync(ct);
        await over.CancelAsync();
        await pushing;
    }

    /// <summary>From now on it only sees to what the gateway still has.</summary>
    public void Leave(string socket)
    {
        LeavingSocket = socket;
        client.MoveTo(socket);
    }

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
                troubles.Report(place.Part, $"it takes no route table: {failure.Message}");
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
                troubles.Clear(place.Part);
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
                Lose();
                sequence = 0;
                if (HasLeft())
                    return;
                await ReviveAsync(failure, ct);
            }
        }
    }

    private static bool IsSilence(Exception failure) =>
        failure is HttpRequestException or OperationCanceledException or JsonException;

    private void Hear(GatewayReport report)
    {
        var anew = contact.Report?.Gateway != report.Gateway;
        if (anew && last is { } before && before.Gateway != report.Gateway)
            notices.Forget(before.Gateway);
        while (contact is var present)
        {
            var next = anew ? new Contact(report, null, -1) : present with { Report = report };
            if (Interlocked.CompareExchange(ref contact, next, present) == present)
                break;
        }
        last = new Heard(report.Gateway, contact.InForce, clock.GetUtcNow());
        if (anew)
            moved.Set();
        notices.Hear(report);
        if (report.Leaving is { } socket && !IsLeaving)
        {
            left(this);
            Leave(Path.Combine(place.Folder, Path.GetFileName(socket)));
        }
    }

    private bool HasLeft()
    {
        if (LeavingSocket is not { } socket || GatewayClient.Listens(socket))
            return false;
        // One that was killed has left it.
        File.Delete(socket);
        if (last is { } heard)
            notices.Forget(heard.Gateway);
        return true;
    }

    private void Lose()
    {
        if (contact is { Report: { } report } lost)
            last = new Heard(report.Gateway, lost.InForce, last?.At ?? clock.GetUtcNow());
        contact = new Contact(null, null, -1);
    }

    private async Task ReviveAsync(Exception failure, CancellationToken ct)
    {
        if (IsLeaving)
        {
            await Task.Delay(RetryAfter, clock, ct);
            return;
        }
        try
        {
            troubles.Report(place.Part, $"it does not answer: {failure.Message}");
            await keeper.EnsureAsync(ct);
        }
        catch (Exception why) when (why is GatewayException || (IsSilence(why) && !ct.IsCancellationRequested))
        {
            troubles.Report(place.Part, why.Message);
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

    /// <summary>What is known of a gateway that does not answer any more.</summary>
    private sealed record Heard(string Gateway, long InForce, DateTimeOffset At);
}
