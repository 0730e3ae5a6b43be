using System.ComponentModel;
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
/// <param name="another">Called when another run answers, and the one before has not said so.</param>
/// <param name="isAwaited">It is that other one, or one that was found leaving: by what it goes is not known.</param>
internal sealed class GatewayLink(
    GatewayPlace place,
    GatewayClient client,
    GatewayKeeper keeper,
    ReleaseJournal journal,
    TimeProvider clock,
    Troubles troubles,
    GatewayNotices notices,
    Pulse moved,
    Action<GatewayLink> left,
    Action<GatewayPlace> another,
    bool isAwaited = false
)
{
    private static readonly Actor Self = new("mintmark/route");
    private static readonly TimeSpan RequestCountsEach = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(100);

    private const long Never = long.MinValue;

    private static readonly TimeSpan AwaitedAtMost = TimeSpan.FromSeconds(30);

    private readonly long joined = clock.GetTimestamp();
    private volatile Contact contact = Contact.None with { IsAwaited = isAwaited };
    private volatile Heard? last;
    private DateTimeOffset countedAt;
    private long heardAt = Never;

    private string PartOfTable => IsLeaving ? $"{place.Part}: table of the one that leaves" : $"{place.Part}: table";

    public GatewayPlace Place => place;

    /// <summary>Where a gateway is controlled that another one has replaced; null of one that serves.</summary>
    public string? LeavingSocket { get; private set; }

    public bool IsLeaving => LeavingSocket is not null;

    public GatewayClient Client => client;

    public GatewayKeeper Keeper => keeper;

    public Contact Contact => contact;

    public bool Connected => contact.Report is not null;

    /// <summary>What it had to say until that long ago is in the log, however the clock was set since.</summary>
    public bool IsHeardUntil(TimeSpan ago) =>
        Volatile.Read(ref heardAt) is not Never and var at && clock.GetElapsedTime(at) <= ago;

    /// <summary>It has ended, and what it had is answered or lost with it.</summary>
    public bool HasEnded => !Connected && LeavingSocket is { } socket && !GatewayClient.Listens(socket);

    public GatewayStatus Status
    {
        get
        {
            var (report, _, inForce, _) = contact;
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
        var listening = ListenAsync(ct);
        // A mistake of ours in either ends both: a gateway that is listened to and told nothing seems to be well.
        try
        {
            if (await Task.WhenAny(pushing, listening) == pushing)
                await pushing;
            await listening;
        }
        finally
        {
            await over.CancelAsync();
        }
        await pushing;
    }

    /// <summary>From now on it only sees to what the gateway still has.</summary>
    public void Leave(string socket)
    {
        troubles.Clear(PartOfTable);
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
            var again = await IsPushedAsync(state, ct) ? Timeout.InfiniteTimeSpan : RetryAfter;
            using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await ((Task)Task.WhenAny(changed, next, Task.Delay(again, clock, over.Token)))
                .WaitAsync(ct)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await over.CancelAsync();
        }
    }

    /// <returns>False where it is to be tried again, though nothing has changed.</returns>
    private async Task<bool> IsPushedAsync(State state, CancellationToken ct)
    {
        var before = contact;
        if (before.Report is null || before.InForce >= state.Size)
            return true;
        var table = Routes.From(state);
        var same = before.Table is { } inForce && Routes.Same(inForce, table);
        try
        {
            if (!same)
            {
                Move(present => present.Telling());
                if (!await HasTakenAsync(table, before.Report.Gateway, ct))
                    return false;
            }
        }
        catch (Exception failure) when (IsSilence(failure))
        {
            if (!ct.IsCancellationRequested)
                troubles.Report(place.Part, $"it takes no route table: {failure.Message}");
            return false;
        }
        var taken = same ? before.Table! : table;
        Move(present => present.Took(before.Report.Gateway, taken, state.Size));
        moved.Set();
        return true;
    }

    /// <summary>
    /// Where another one takes its place, that one may have answered for it already; and until we have heard of the
    /// change, nobody has told that one what came after it had read the table.
    /// </summary>
    private async Task<bool> HasTakenAsync(RouteTable table, string run, CancellationToken ct)
    {
        var answered = await client.PutAsync(table, ct);
        if (answered.Revision > table.Revision)
        {
            troubles.Report(
                PartOfTable,
                $"it goes by entry {answered.Revision} of another log or a longer one, and takes no table of this one "
                    + "before that entry, halts neither; if this is the log to go by: mint gateway replace"
            );
            return false;
        }
        troubles.Clear(PartOfTable);
        return (answered.Gateway ?? run) == run && (answered.GivenWay != true || IsLeaving);
    }

    private void Move(Func<Contact, Contact> on)
    {
        while (contact is var present)
        {
            if (Interlocked.CompareExchange(ref contact, on(present), present) == present)
                return;
        }
    }

    private async Task ListenAsync(CancellationToken ct)
    {
        var sequence = 0L;
        while (!ct.IsCancellationRequested)
        {
            try
            {
                var asked = clock.GetTimestamp();
                var report = await client.ReportAsync(sequence, ct);
                sequence = report.Sequence;
                troubles.Clear(place.Part);
                Hear(report);
                await RecordAsync(report, ct);
                Volatile.Write(ref heardAt, asked);
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
        if (anew && last?.Gateway != report.Gateway)
        {
            if (last is { } before)
            {
                notices.Forget(before.Gateway);
                troubles.Clear(place.PartOfBuild);
            }
            // Also at the first meeting: it may have taken another one's place a moment ago.
            another(place);
        }
        Move(present => present.Hear(report));
        last = new Heard(report.Gateway, contact.InForce, clock.GetUtcNow());
        if (anew)
            moved.Set();
        notices.Hear(report);
        if (report.Leaving is { } socket && !IsLeaving)
        {
            troubles.Clear(place.PartOfBuild);
            left(this);
            Leave(Path.Combine(place.Folder, Path.GetFileName(socket)));
            moved.Set();
        }
    }

    private bool HasLeft()
    {
        if (LeavingSocket is not { } socket || GatewayClient.Listens(socket))
            return false;
        troubles.Clear(PartOfTable);
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
        // It may serve clients, however slow it is to answer us.
        var isStillAwaited = contact.IsAwaited && clock.GetElapsedTime(joined) < AwaitedAtMost;
        contact = Contact.None with { IsAwaited = isStillAwaited };
        if (isAwaited)
            moved.Set();
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
            await keeper.EnsureAsync(renew: false, ct);
            // It is there, and what it says is no report.
            if (failure is JsonException)
                await Task.Delay(RetryAfter, clock, ct);
        }
        catch (Exception why)
            when (why is GatewayException or IOException or UnauthorizedAccessException or Win32Exception
                || (IsSilence(why) && !ct.IsCancellationRequested)
            )
        {
            troubles.Report(place.Part, why.Message);
            await Task.Delay(RetryAfter, clock, ct);
        }
    }

    private async Task RecordAsync(GatewayReport report, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        // Of one that leaves it may be the last.
        var due = report.Leaving is not null || (now - countedAt).Duration() >= RequestCountsEach;
        if (due)
            countedAt = now;
        List<Event> news =
        [
            .. Reports.News(journal.State, report, due),
            .. Reports.Shadowed(journal.State, report, due),
        ];
        var counted = Task.WhenAll(news.Select(n => journal.ExecuteAsync(new Command.Record(n), Self, ct)));
        // A full disk that has no room for counts has some left for what they made worse.
        await ((Task)counted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var trip in Reports.Trips(journal.State, report).ToList())
        {
            var state = journal.State;
            var release = state.Releases[trip.Release];
            var verdict = Verdicts.Tripped(state, release);
            await journal.ExecuteAsync(new Command.Record(verdict), Self, ct);
        }
        await counted;
    }

    /// <summary>What is known of a gateway that does not answer any more.</summary>
    private sealed record Heard(string Gateway, long InForce, DateTimeOffset At);
}
