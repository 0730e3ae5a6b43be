namespace Mintmark.Watch;

/// <summary>Sums of numbers that are given, and wanted, as natural logarithms: e-values overflow otherwise.</summary>
internal static class LogSpace
{
    public static double Sum(ReadOnlySpan<double> logs)
    {
        var greatest = double.NegativeInfinity;
        foreach (var log in logs)
            greatest = Math.Max(greatest, log);
        if (double.IsInfinity(greatest))
            return greatest;
        var sum = 0.0;
        foreach (var log in logs)
            sum += Math.Exp(log - greatest);
        return greatest + Math.Log(sum);
    }

    public static double Add(double a, double b) => Sum([a, b]);
}
