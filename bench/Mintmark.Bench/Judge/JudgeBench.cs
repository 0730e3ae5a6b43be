namespace Mintmark.Bench.Judge;

/// <summary>The judge against the limit of any test, against its promise, against peers, and its cost.</summary>
internal static class JudgeBench
{
    private const int BadRuns = 200;
    private const int GoodRuns = 1_000;

    /// <param name="plots">Folder for the two pictures; null for none.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(int seed, string? plots)
    {
        var output = Console.Out;
        var limits = LimitTable.Measure(seed);
        LimitTable.Print(limits, output);
        output.WriteLine();
        var alarms = FalseAlarms.Measure(seed);
        FalseAlarms.Print(alarms, output);
        output.WriteLine();
        var steps = StepUp.Measure(seed);
        StepUp.Print(steps, output);
        output.WriteLine();
        var table = new PeerTable(seed, BadRuns);
        var bad = table.Bad();
        PeerTable.PrintBad(bad, output);
        output.WriteLine();
        var good = new PeerTable(seed, GoodRuns).Good();
        PeerTable.PrintGood(good, output);
        output.WriteLine();
        if (plots is not null)
            Plots.Write(plots, seed, limits);
        return
        [
            .. LimitTable.Figures(limits),
            .. FalseAlarms.Figures(alarms),
            .. StepUp.Figures(steps),
            .. PeerTable.Figures(bad, good),
            .. JudgeCost.Measure(),
            .. await OnTheSpot.RunAsync(),
        ];
    }
}
