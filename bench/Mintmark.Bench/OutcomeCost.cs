using Mintmark.Gateway;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench;

/// <summary>
/// What a gateway does for the judge after each answer: count it in its arm, tell units apart, add up value, and judge
/// on the spot. One thread, as fast as it can, so that judging gets the share of time that its pace allows it.
/// </summary>
internal static class OutcomeCost
{
    private const int Batch = 1 << 16;
    private const int Batches = 40;

    public static IReadOnlyList<Figure> Run()
    {
        var figures = new List<Figure>();
        foreach (var (units, assignment, named) in Kinds)
        {
            Measure(assignment, named, batches: 4);
            var (nanoseconds, bytes) = Measure(assignment, named, Batches);
            figures.Add(Figure.AtMost($"counting and judging an outcome, of {units}", nanoseconds, "ns", 200));
            figures.Add(Figure.Reported($"allocated for it, of {units}", bytes, "B"));
        }
        return figures;
    }

    private static readonly (string Units, Assignment Assignment, bool Named)[] Kinds =
    [
        ("clients", Assignment.Client, true),
        ("requests", Assignment.Request, false),
        ("requests with keys", Assignment.Request, true),
    ];

    /// <returns>
    /// Processor time and bytes for each outcome. Each batch has units that were not seen before, made outside of what
    /// is measured.
    /// </returns>
    private static (double Nanoseconds, double Bytes) Measure(Assignment assignment, bool named, int batches)
    {
        var random = new Random(3);
        var draws = new (uint Signalled, long Microseconds, bool Failed)[Batch];
        for (var i = 0; i < Batch; i++)
        {
            var microseconds = (long)(1_000 / (1 - random.NextDouble()));
            draws[i] = (random.Next(100) == 0 ? 1u : 0, microseconds, random.Next(1_000) == 0);
        }
        var live = Compare(assignment);
        var (took, bytes) = (TimeSpan.Zero, 0L);
        for (var batch = 0; batch < batches; batch++)
        {
            Seat[] seats = [.. Enumerable.Range(0, Batch).Select(_ => SeatOf(live, named, random))];
            var (before, began) = (GC.GetAllocatedBytesForCurrentThread(), Environment.CpuUsage.TotalTime);
            for (var i = 0; i < Batch; i++)
            {
                var (signalled, microseconds, failed) = draws[i];
                var outcome = failed ? Gateway.Outcome.Failed : Gateway.Outcome.Answered;
                seats[i].Count(outcome, microseconds, signalled, "125.00 EUR");
            }
            took += Environment.CpuUsage.TotalTime - began;
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
        }
        return (took.TotalNanoseconds / batches / Batch, bytes / (double)batches / Batch);
    }

    /// <summary>A quarter of answers pass the least threshold, one in a thousand the greatest.</summary>
    private static LiveComparison Compare(Assignment assignment)
    {
        var share = new Share(500);
        var rollout = new RolloutPlan([new StepPlan(share, 1_000)], 0.0001m, 2, 600, Assignment: assignment);
        string[] signals = ["declined", "late"];
        var comparison = new Comparison(
            new ReleaseId(1),
            0,
            share,
            new Arm(Mark.Parse("bank-2"), [new Target(new InstanceId(2), 2)], signals),
            ByName.Of<long>(
                ("slow-p50", 4_000),
                ("slow-p90", 20_000),
                ("slow-p99", 200_000),
                ("slow-p99.9", 1_000_000)
            ),
            ByName.Of<decimal>(("errors", 0.001m), ("slow-p50", 0.5m), ("slow-p90", 0.1m), ("slow-p99", 0.01m)),
            signals,
            rollout,
            []
        );
        var baseline = new Arm(Mark.Parse("bank-1"), [new Target(new InstanceId(1), 1)], signals);
        var route = new ServiceRoute(new ServiceName("bank"), null, baseline, comparison);
        return LiveTable.None.Next(new RouteTable(1, null, [route]), TimeProvider.System).Services["bank"].Comparison!;
    }

    private static Seat SeatOf(LiveComparison live, bool named, Random random) =>
        new(
            live,
            random.Next(Share.Whole) < live.Declared.Share.BasisPoints,
            named ? (ulong)random.NextInt64(long.MinValue, long.MaxValue) : null
        );
}
