namespace Mintmark.Bench;

/// <summary>The control plane and the gateway as a whole.</summary>
internal static class CoreBench
{
    public static async Task<IReadOnlyList<Figure>> RunAsync() =>
        [
            .. await UpBench.RunAsync(),
            .. await DecisionBench.RunAsync(),
            await FoldBench.RunAsync(),
            .. await ShiftBench.RunAsync(),
        ];

    /// <param name="sorted">Ascending.</param>
    public static double Percentile(IReadOnlyList<double> sorted, double percent) =>
        sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * percent / 100))];

    public static double Median(IEnumerable<double> values) => Percentile([.. values.Order()], 50);
}
