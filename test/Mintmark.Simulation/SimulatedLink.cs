using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Watch;

namespace Mintmark.Simulation;

/// <summary>
/// Between control plane and one gateway: tables and reports are lost, repeated and late on the way. What it makes of
/// them are the rules of the real one (<see cref="Contact"/>, <see cref="Reports"/>).
/// </summary>
internal sealed class SimulatedLink(
    ReleaseJournal journal,
    SimulatedGateway gateway,
    SimulatedClock clock,
    Random dice,
    int unreliable
)
{
    private const int Kept = 20;
    private static readonly Actor Self = new("mintmark/route");
    private readonly List<GatewayReport> old = [];
    private readonly List<(string Run, RouteTable Table)> sent = [];
    private DateTimeOffset countedAt;
    private long? heardAt;

    public SimulatedGateway Gateway => gateway;

    public Contact Contact { get; private set; } = Contact.None;

    public bool IsHeardUntil(TimeSpan ago) => heardAt is { } at && clock.GetElapsedTime(at) <= ago;

    /// <summary>What the log must have, as it came in a report that was recorded.</summary>
    public Dictionary<(string Run, ReleaseId Release, int Step), StepReport> Recorded { get; } = [];

    public async Task RoundAsync()
    {
        if (gateway.AwayFor > 0)
        {
            Contact = Contact.None;
            return;
        }
        Push();
        var report = gateway.Report();
        if (Happens())
            return;
        // Late and repeated reports must do no harm to what is counted; what is in flight is taken from the newest
        // only.
        if (old.Count > 0 && Happens())
            await RecordAsync(old[dice.Next(old.Count)]);
        Keep(old, report);
        Contact = Contact.Hear(report);
        await RecordAsync(report);
        heardAt = clock.GetTimestamp();
    }

    private bool Happens() => dice.Next(100) < unreliable;

    private void Push()
    {
        // What was sent to a process cannot come to another one.
        if (sent.Count > 0 && Happens() && sent[dice.Next(sent.Count)] is var (run, late) && run == gateway.Run)
            gateway.Take(late);
        var state = journal.State;
        if (Contact.Report is not { } known || Contact.InForce >= state.Size)
            return;
        var table = Routes.From(state);
        var isSame = Contact.Table is { } taken && Routes.Same(taken, table);
        var told = isSame ? Contact.Table! : table;
        if (!isSame)
        {
            Contact = Contact.Telling();
            if (Happens())
                return;
            Keep(sent, (gateway.Run, table));
            gateway.Take(table);
            if (Happens() || known.Gateway != gateway.Run)
                return;
        }
        Contact = Contact.Took(known.Gateway, told, state.Size);
        gateway.IsAbreast();
    }

    private static void Keep<T>(List<T> few, T one)
    {
        few.Add(one);
        if (few.Count > Kept)
            few.RemoveAt(0);
    }

    private async Task RecordAsync(GatewayReport report)
    {
        var now = clock.GetUtcNow();
        var due = (now - countedAt).Duration() >= TimeSpan.FromMilliseconds(500);
        if (due)
            countedAt = now;
        foreach (var news in Reports.News(journal.State, report, due).ToList())
        {
            await journal.ExecuteAsync(new Command.Record(news), Self, CancellationToken.None);
        }
        if (due && ReferenceEquals(report, Contact.Report))
            Remember(report);
        foreach (var news in Reports.Shadowed(journal.State, report, due).ToList())
            await journal.ExecuteAsync(new Command.Record(news), Self, CancellationToken.None);
        foreach (var trip in Reports.Trips(journal.State, report).ToList())
        {
            var verdict = Verdicts.Tripped(journal.State, journal.State.Releases[trip.Release]);
            await journal.ExecuteAsync(new Command.Record(verdict), Self, CancellationToken.None);
        }
    }

    /// <summary>All that it says of a release under way is in the log, or is to be with the next report.</summary>
    private void Remember(GatewayReport report)
    {
        foreach (var step in report.Steps)
        {
            if (
                journal.State.Releases.GetValueOrDefault(step.Release)
                    is { Phase: Phase.Ramping or Phase.Guarding } release
                && step.Step <= release.CurrentStep
            )
                Recorded[(report.Gateway, step.Release, step.Step)] = step;
        }
    }
}
