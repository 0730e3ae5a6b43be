using System.Diagnostics;

namespace Mintmark.Bench.Soak;

/// <summary>Whether gateways lose requests, or grow, however long they run.</summary>
internal static class SoakBench
{
    private const int SetsInRound = 2;
    private const int FewestRounds = 3;

    /// <summary>Of fewer, quarters are single rounds, and those differ by more than is asked for.</summary>
    private const int EnoughRounds = 8;
    private const int RequestsBetweenBlows = 60;

    public static async Task<IReadOnlyList<Figure>> RunAsync(double minutes, int seed)
    {
        var began = Stopwatch.GetTimestamp();
        var soaked = await SoakRun.RunAsync(
            seed,
            minutes < 1 ? 1 : SetsInRound,
            RequestsBetweenBlows,
            rounds =>
            {
                var (number, last) = (rounds.Count, rounds[^1]);
                Console.Error.WriteLine(
                    $"bench soak: round {number}, {Stopwatch.GetElapsedTime(began).TotalMinutes:0.0} min: "
                        + $"{last.BytesPerRequest:0} B a request, heap {last.HeapMegabytes:0.0} MB, "
                        + $"resident {last.ResidentMegabytes:0} MB, {last.Descriptors} descriptors"
                );
                return number < FewestRounds || Stopwatch.GetElapsedTime(began).TotalMinutes < minutes;
            }
        );
        foreach (var failure in soaked.Failures)
            await Console.Error.WriteLineAsync($"bench soak: {failure}");
        return
        [
            Figure.Reported("minutes", Stopwatch.GetElapsedTime(began).TotalMinutes, "min"),
            Figure.Reported("rounds", soaked.Rounds.Count, ""),
            Figure.Reported("asked", soaked.Asked, "requests"),
            .. soaked.Blows.OrderBy(b => b.Key).Select(b => Figure.Reported(Words(b.Key), b.Value, "")),
            Figure.Reported("refused by a halt", soaked.Refused, "requests"),
            Figure.Reported("failed with the instance that was killed", soaked.Died, "requests"),
            Figure.AtMost("failed otherwise", soaked.Failures.Count, "requests", 1),
            Figure.AtMost("payments lost", soaked.Lost, "", 1),
            Figure.AtMost("payments made twice", soaked.Doubled, "", 1),
            .. Growth(soaked),
        ];
    }

    private static IEnumerable<Figure> Growth(Soaked soaked)
    {
        var (first, last) = (soaked.Rounds[0], soaked.Rounds[^1]);
        var (before, after) = Quarters(soaked.Rounds, held => held.BytesPerRequest);
        var (early, late) = Quarters(soaked.Rounds, held => held.ResidentMegabytes);
        return
        [
            Figure.Reported("allocated for a request, second quarter", before, "B"),
            Figure.Reported("allocated for a request, last quarter", after, "B"),
            soaked.Rounds.Count < EnoughRounds
                ? Figure.Reported("allocated for a request, last quarter by second", after / before, "")
                : Figure.AtMost("allocated for a request, last quarter by second", after / before, "", 1.2),
            Figure.Reported("heap after collection, first round", first.HeapMegabytes, "MB"),
            Figure.AtMost("heap growth to the last round", last.HeapMegabytes - first.HeapMegabytes, "MB", 2),
            Figure.Reported("resident, first round", first.ResidentMegabytes, "MB"),
            Figure.Reported("resident, last round", last.ResidentMegabytes, "MB"),
            Figure.AtMost("resident growth, last quarter over the second", late - early, "MB", 8),
            Figure.Reported("descriptors, first round", first.Descriptors, ""),
            Figure.AtMost("descriptor growth to the last round", last.Descriptors - first.Descriptors, "", 16),
            Figure.AtMost("thread growth to the last round", last.Threads - first.Threads, "", 8),
        ];
    }

    /// <summary>
    /// A process grows until its code is compiled for good and its heaps have their sizes; what grows later is kept by
    /// mistake. Rounds differ by what the collector happens to hold, so medians are compared.
    /// </summary>
    /// <returns>Those of the second quarter of the rounds, and of the last.</returns>
    private static (double Early, double Late) Quarters(IReadOnlyList<Held> rounds, Func<Held, double> of)
    {
        var quarter = Math.Max(rounds.Count / 4, 1);
        double Median(IEnumerable<Held> some) => CoreBench.Median(some.Select(of));
        return (Median(rounds.Skip(quarter).Take(quarter)), Median(rounds.TakeLast(quarter)));
    }

    private static string Words(Blow blow) =>
        blow switch
        {
            Blow.Table => "tables beside those of other blows",
            Blow.Death => "instances killed",
            Blow.Halt => "halts",
            Blow.Resume => "halts lifted",
            Blow.Kill => "control planes killed",
            Blow.Return => "control planes started",
            Blow.Replace => "gateway processes replaced",
            _ => throw new UnreachableException($"{blow}"),
        };
}
