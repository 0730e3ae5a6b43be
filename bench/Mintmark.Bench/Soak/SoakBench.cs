namespace Mintmark.Bench.Soak;

/// <summary>Whether a gateway loses requests, or grows, however long it runs.</summary>
internal static class SoakBench
{
    private const double RoundSeconds = 15;

    public static async Task<IReadOnlyList<Figure>> RunAsync(double minutes)
    {
        var rounds = Math.Max(3, (int)(minutes * 60 / RoundSeconds) - 1);
        var soaked = await SoakRun.RunAsync(TimeSpan.FromSeconds(minutes * 60 / (rounds + 1)), rounds);
        foreach (var failure in soaked.Failures)
            await Console.Error.WriteLineAsync($"bench soak: {failure}");
        var (first, last) = (soaked.Rounds[0], soaked.Rounds[^1]);
        return
        [
            Figure.Reported("asked", soaked.Asked, "requests"),
            Figure.Reported("tables", soaked.Swaps, ""),
            Figure.Reported("instances killed", soaked.Deaths, ""),
            Figure.Reported("failed with the instance that was killed", soaked.Died, "requests"),
            Figure.AtMost("failed otherwise", soaked.Failures.Count, "requests", 1),
            Figure.AtMost("payments lost", soaked.Lost, "", 1),
            Figure.AtMost("payments made twice", soaked.Doubled, "", 1),
            Figure.Reported("heap after collection, first round", first.HeapMegabytes, "MB"),
            Figure.AtMost("heap growth to the last round", last.HeapMegabytes - first.HeapMegabytes, "MB", 2),
            Figure.Reported("resident, first round", first.ResidentMegabytes, "MB"),
            Figure.AtMost(
                "resident growth to the last round",
                last.ResidentMegabytes - first.ResidentMegabytes,
                "MB",
                16
            ),
            Figure.Reported("descriptors, first round", first.Descriptors, ""),
            Figure.AtMost("descriptor growth to the last round", last.Descriptors - first.Descriptors, "", 4),
            Figure.AtMost("thread growth to the last round", last.Threads - first.Threads, "", 4),
        ];
    }
}
