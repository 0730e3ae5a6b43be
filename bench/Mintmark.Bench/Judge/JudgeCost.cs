using System.Diagnostics;
using Mintmark.Releases;
using Mintmark.Watch;

namespace Mintmark.Bench.Judge;

/// <summary>What weighing costs: in the control plane for each report, in the gateway for each bad answer.</summary>
internal static class JudgeCost
{
    private const int Releases = 100;
    private const int Rounds = 300;

    /// <summary>A gateway reports what has changed four times a second at most.</summary>
    private const double ReportsPerSecond = 4;

    public static IReadOnlyList<Figure> Measure()
    {
        var plan = new RolloutPlan([new StepPlan(new Share(500), 100)], 0.0001m, 2, 600);
        var all = Enumerable.Range(0, Releases).Select(Steps).ToList();
        foreach (var steps in all)
            Watch.Judge.Weigh(steps, plan);
        var began = Stopwatch.GetTimestamp();
        var worse = 0;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var steps in all)
                worse += Watch.Judge.Weigh(steps, plan).Worse ? 1 : 0;
        }
        var verdicts = Rounds * Releases / Stopwatch.GetElapsedTime(began).TotalSeconds;

        var counts = new UnitCounts[3];
        Watch.Judge.Count(all[0], Indicators.Errors, counts);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        began = Stopwatch.GetTimestamp();
        var sum = 0.0;
        for (var i = 0; i < Rounds * Releases; i++)
            sum += WorseTest.Log(counts, 0.91e-4);
        var each = Stopwatch.GetElapsedTime(began).TotalNanoseconds / (Rounds * Releases);
        bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
        Console.WriteLine(
            $"  ({worse} of {Rounds * Releases:N0} verdicts are worse, the last evidence {sum / Rounds / Releases:0.0})"
        );
        return
        [
            Figure.AtLeast("100 releases judged by one core", verdicts, "verdicts/s", Releases * ReportsPerSecond),
            Figure.Reported("weighing one indicator over three steps", each, "ns"),
            Figure.AtMost("allocated by that", (double)bytes / (Rounds * Releases), "bytes", 1),
        ];
    }

    private static StepTally[] Steps(int release) =>
        [
            Step(100, 400 + release, 3 + release % 5),
            Step(500, 200 + release, 9 + release % 7),
            Step(2_500, 100 + release, 30 + release % 9),
        ];

    private static StepTally Step(int share, long baseline, long candidate) =>
        new(
            new Share(share),
            ArmTally.Of(1_000 * baseline, baseline, ("errors", baseline), ("slow-p99", 2 * baseline)),
            ArmTally.Of(1_000 * candidate, candidate, ("errors", candidate), ("slow-p99", 2 * candidate))
        );
}
