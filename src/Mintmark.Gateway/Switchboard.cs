using Mintmark.Gateway.Plain;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>Holds the table in force and swaps it whole.</summary>
/// <param name="connections">To the instances: those of a halted service may have to end.</param>
/// <param name="trips">Null where they are not kept.</param>
/// <param name="place">Name of the gateway among those of its home; null for the first.</param>
sealed class Switchboard(
    string name,
    Changes changes,
    Connections connections,
    TimeProvider time,
    KeptTrips? trips = null,
    string? place = null
)
{
    private readonly Lock swapping = new();
    private volatile LiveTable table = LiveTable.None with { Gateway = place };
    private DateTimeOffset since;
    private bool isFromDisk;
    private volatile string? leaving;

    /// <summary>Of this run of the gateway.</summary>
    public string Name => name;

    public LiveTable Table => table;

    public InForce InForce
    {
        get
        {
            lock (swapping)
                return new(table.Revision, table.Revision == 0 ? null : since, isFromDisk, Gateway: name);
        }
    }

    /// <summary>
    /// Goes by a table of before the start until the control plane sends one, whatever that one's revision.
    /// </summary>
    public void Restore(RouteTable kept, DateTimeOffset wasPut)
    {
        lock (swapping)
        {
            Swap(kept);
            (since, isFromDisk) = (wasPut, true);
        }
        changes.Note();
    }

    /// <summary>Goes by none until the control plane sends one.</summary>
    public void Forget()
    {
        lock (swapping)
            (table, isFromDisk) = (LiveTable.None with { Gateway = place }, false);
    }

    /// <returns>The revision in force: this table's, or a later one's where this one comes late.</returns>
    public long Put(RouteTable declared)
    {
        lock (swapping)
        {
            if (declared.Revision < table.Revision && !isFromDisk)
                return table.Revision;
            if (trips?.Forget(Compared(declared), declared.Revision) == true)
                table = table.WithoutSteps();
            Swap(declared);
            (since, isFromDisk) = (time.GetUtcNow(), false);
        }
        changes.Note();
        return declared.Revision;
    }

    private static IEnumerable<ReleaseId> Compared(RouteTable declared) =>
        declared.Services.Select(s => s.Comparison?.Release).OfType<ReleaseId>();

    private void Swap(RouteTable declared)
    {
        var next = table.Next(declared, time);
        Trip(next);
        foreach (var target in next.Targets.Values)
        {
            target.Return();
            // Before the swap: who comes in after it is not to be refused for a halt that is lifted.
            if (next.HaltOf(target.Mark.Service) is null)
                target.Halt(null);
        }
        table = next;
        foreach (var target in next.Dropped)
            target.Retire();
        Cut(next);
    }

    /// <summary>What another gateway has found worse since is so here too.</summary>
    public void Recall()
    {
        lock (swapping)
            Trip(table);
    }

    private void Trip(LiveTable among)
    {
        foreach (var step in among.Steps.Where(s => trips?.Has(s.Release.Id) == true))
            step.Release.Trip();
    }

    /// <summary>After the swap: who comes in now finds the halt, and who is in is cut off.</summary>
    private void Cut(LiveTable next)
    {
        var ending = next
            .Targets.Values.Concat(next.Dropped)
            .Where(target => target.Halt(next.HaltOf(target.Mark.Service)))
            .ToHashSet();
        foreach (var target in ending)
            target.CutOff();
        if (ending.Count > 0)
            connections.Cut(ending);
    }

    /// <summary>Another gateway takes the place of this one.</summary>
    /// <param name="control">Name of this one's control socket from now on.</param>
    public void Leave(string control)
    {
        leaving = control;
        changes.Alarm();
    }

    public GatewayReport Report(long sequence)
    {
        var now = Milliseconds();
        LiveTable current;
        // Not between a table's coming and its predecessor's instances' retiring: they might still gain a request.
        lock (swapping)
            current = table;
        var versions = current.Versions.Values.OrderBy(v => v.Mark).ToList();
        return new GatewayReport(
            name,
            sequence,
            current.Revision,
            [.. current.Steps.Select(step => step.Report())],
            [
                .. current
                    .Targets.Values.Concat(current.Dropped.Where(t => t.InFlight > 0))
                    .Select(t => new InstanceLoad(t.Instance, t.InFlight)),
            ],
            [.. versions.Select(v => v.Latency.Report(v.Mark, now)).Where(l => l.Requests > 0)],
            [.. versions.Select(v => v.Past.Report(v.Mark, now)).Where(p => p.Requests > 0)],
            [.. versions.Select(v => v.Report()).OfType<IgnoredReport>()],
            [.. current.Services.Values.Select(s => s.Surge?.Report(s.Name)).OfType<RefusedReport>()],
            [.. current.Services.Values.Select(s => s.Shadow?.Report()).OfType<ShadowReport>()],
            leaving
        );
    }

    /// <summary>Who calls which version. Not part of the report, which is read many times a second.</summary>
    public IReadOnlyList<ClientsReport> Clients() =>
        [.. table.Versions.Values.OrderBy(v => v.Mark).Select(v => v.Clients.Report())];

    /// <summary>Counts a request where it was assigned, and tells the control plane.</summary>
    public void Settle(Exchange exchange, Outcome outcome, TimeSpan elapsed, bool upgraded)
    {
        var microseconds = (long)elapsed.TotalMicroseconds;
        var now = Milliseconds();
        // Who asks for a version by its own address is no measure of what is usual.
        if (outcome is Outcome.Answered or Outcome.Failed && !exchange.IsAside)
        {
            if (!upgraded)
                exchange.Arm.Version.Latency.Record(microseconds, now);
            exchange.Arm.Version.Past.Record(outcome == Outcome.Failed, exchange.Signalled, now);
        }
        if (exchange.Seat?.Count(outcome, upgraded ? 0 : microseconds, exchange.Signalled, exchange.Value) == true)
            Alarm(exchange.Seat);
    }

    /// <summary>
    /// Counts a probe. What is usual of a version, its clients say alone: of that it is no part.
    /// </summary>
    public void Settle(Seat probe, bool failed, TimeSpan elapsed, uint signalled)
    {
        var outcome = failed ? Outcome.Failed : Outcome.Answered;
        if (probe.Count(outcome, (long)elapsed.TotalMicroseconds, signalled, value: null))
            Alarm(probe);
        changes.Note();
    }

    private void Alarm(Seat seat)
    {
        trips?.Add(seat.Comparison.Step.Release.Id, table.Revision);
        changes.Alarm();
    }

    public void Noted() => changes.Note();

    private long Milliseconds() => time.GetTimestamp() / (time.TimestampFrequency / 1_000);
}
