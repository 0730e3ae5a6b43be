using Mintmark.Releases;

namespace Mintmark.Cli;

/// <summary>What a step has counted beside requests, errors and slowness.</summary>
internal static class CountLines
{
    public static void AddTo(Page page, StepTally total)
    {
        var (candidate, baseline) = (total.Candidate, total.Baseline);
        var signals = candidate.Bad.Concat(baseline.Bad).Select(b => b.Key).Where(IsSignal).Distinct();
        foreach (var signal in signals.Order(StringComparer.Ordinal))
        {
            page.Field(
                signal[Indicators.SignalPrefix.Length..],
                $"{candidate.Bad[signal]:#,0} of the candidate, {baseline.Bad[signal]:#,0} of the baseline"
            );
        }
        if (candidate.Probes + baseline.Probes > 0)
            page.Field("probes", $"{Probes(candidate)} of the candidate, {Probes(baseline)} of the baseline");
        if (candidate.Value.Count > 0)
            page.Field("at stake", string.Join(", ", candidate.Value.Select(v => $"{v.Value:#,0.########} {v.Key}")));
    }

    private static string Probes(ArmTally arm) =>
        $"{arm.Probes:#,0}" + (arm.ProbesFailed == 0 ? "" : $" ({arm.ProbesFailed:#,0} failed)");

    private static bool IsSignal(string indicator) =>
        indicator.StartsWith(Indicators.SignalPrefix, StringComparison.Ordinal);
}
