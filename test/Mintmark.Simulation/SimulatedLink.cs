using Mintmark.Journal;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Run;
using Mintmark.Ship;
using Mintmark.Watch;

namespace Mintmark.Simulation;

/// <summary>Between control plane and gateway: tables and reports are lost and repeated on the way.</summary>
internal sealed class SimulatedLink(
    ReleaseJournal journal,
    SimulatedGateway gateway,
    SimulatedClock clock,
    Random dice,
    int unreliable
) : IDrain
{
    private static readonly Actor Self = new("mintmark/route");
    private readonly List<GatewayReport> old = [];
    private RouteTable? taken;
    private GatewayReport? heard;
    private long looked = -1;
    private DateTimeOffset countedAt;

    public bool IsDrained(InstanceId id, DateTimeOffset since) =>
        taken is not null
        && heard is not null
        && heard.Revision >= taken.Revision
        && taken.Services.All(s =>
            !Has(s.Baseline, id)
            && !Has(s.Comparison?.Candidate, id)
            && !Has(s.Shadow?.Candidate, id)
            && !Has(s.Rehearsal?.Candidate, id)
        )
        && heard.Instances.All(load => load.Instance != id || load.InFlight == 0);

    public Past Past(Mark mark)
    {
        GatewayReport[] reports = heard is { } report ? [report] : [];
        return new(Pasts.Quantiles(reports, mark), Pasts.Rates(reports, mark));
    }

    public async Task RoundAsync()
    {
        var report = gateway.Report();
        if (heard is not null && heard.Gateway != report.Gateway)
            taken = null;
        if (dice.Next(100) >= unreliable)
            Push();
        if (dice.Next(100) < unreliable)
            return;
        // Late and repeated reports must do no harm to what is counted; what is in flight is taken from the newest
        // only.
        if (old.Count > 0 && dice.Next(100) < unreliable)
            await RecordAsync(old[dice.Next(old.Count)]);
        old.Add(report);
        if (old.Count > 20)
            old.RemoveAt(0);
        heard = report;
        await RecordAsync(report);
    }

    private void Push()
    {
        if (looked == journal.State.Size)
            return;
        looked = journal.State.Size;
        var table = Routes.From(journal.State);
        if (taken is not null && Routes.Same(taken, table))
            return;
        gateway.Take(table);
        taken = table;
    }

    private async Task RecordAsync(GatewayReport report)
    {
        var now = clock.GetUtcNow();
        var due = now - countedAt >= TimeSpan.FromMilliseconds(500);
        if (due)
            countedAt = now;
        foreach (var news in Reports.News(journal.State, report, due).ToList())
        {
            await journal.ExecuteAsync(new Command.Record(news), Self, CancellationToken.None);
        }
        foreach (var news in Reports.Shadowed(journal.State, report, due).ToList())
            await journal.ExecuteAsync(new Command.Record(news), Self, CancellationToken.None);
        foreach (var trip in Reports.Trips(journal.State, report).ToList())
        {
            var verdict = Verdicts.Tripped(journal.State, journal.State.Releases[trip.Release]);
            await journal.ExecuteAsync(new Command.Record(verdict), Self, CancellationToken.None);
        }
    }

    private static bool Has(Arm? arm, InstanceId id) => arm is not null && arm.Targets.Any(t => t.Instance == id);
}
