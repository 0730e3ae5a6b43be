using Mintmark.Releases;

namespace Mintmark.Route;

/// <summary>What the control plane knows of a gateway at a moment. Pure.</summary>
/// <param name="Report">The newest; null while the gateway does not answer.</param>
/// <param name="Table">The last one that this run of the gateway took; null before the first.</param>
/// <param name="InForce">Size of the log up to which it routes as the state says; -1 where that is not known.</param>
/// <param name="IsAwaited">It serves in another one's place, or leaves, and has not been met yet.</param>
public sealed record Contact(GatewayReport? Report, RouteTable? Table, long InForce, bool IsAwaited = false)
{
    /// <summary>Of one that does not answer.</summary>
    public static readonly Contact None = new(null, null, -1);

    /// <summary>Another run of the gateway may have forgotten what the one before took.</summary>
    public Contact Hear(GatewayReport report) =>
        Report?.Gateway == report.Gateway ? this with { Report = report } : new(report, null, -1);

    /// <summary>It is being told of another table: whether it has the one or the other, only its answer says.</summary>
    public Contact Telling() => this with { Table = null };

    /// <summary>It took that table. A gateway that was started anew while we told it has forgotten it.</summary>
    /// <param name="run">Of the gateway that was told.</param>
    /// <param name="size">Of the log whose state's table it is.</param>
    public Contact Took(string run, RouteTable table, long size) =>
        Report?.Gateway == run ? this with { Table = table, InForce = size } : this;

    /// <summary>
    /// Not routed to any more, and nothing in flight, as the gateway itself said after it had that table.
    /// </summary>
    public bool IsDrained(InstanceId id) =>
        Report is not null
        && Table is not null
        && Report.Revision >= Table.Revision
        && !Targets(Table).Any(t => t.Instance == id)
        && Report.Instances.All(load => load.Instance != id || load.InFlight == 0);

    /// <summary>
    /// Size of the log up to which all that answer route as the state says; -1 while none does, and while one is
    /// awaited: it serves by what the one before it had.
    /// </summary>
    public static long InForceOf(IReadOnlyCollection<Contact> all) =>
        all.Any(c => c.IsAwaited)
            ? -1
            : all.Where(c => c.Report is not null).Select(c => c.InForce).DefaultIfEmpty(-1).Min();

    private static IEnumerable<Target> Targets(RouteTable table) =>
        table.Services.SelectMany(s =>
            new[] { s.Baseline, s.Comparison?.Candidate, s.Shadow?.Candidate, s.Rehearsal?.Candidate }.SelectMany(arm =>
                arm?.Targets ?? []
            )
        );
}
