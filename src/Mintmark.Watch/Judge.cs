using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>
/// Turns the counts of a release into evidence. A pure function of what the log holds: P(ever a false "worse") is at
/// most the manifest's false-rollback, over all indicators and the whole release. How and why: docs/judge.md.
/// </summary>
public static class Judge
{
    /// <summary>Whose evidence lets a step up: beyond what both arms do always, and often enough to be seen.</summary>
    private static readonly string[] Telling = [Indicators.Errors, "slow-p99"];

    /// <param name="steps">
    /// Every step of the release so far, counts summed over gateways, each with the share in force while it was
    /// counted. Only counts enter: the order in which units arrived, or reports of them, changes no bit of the result.
    /// </param>
    /// <param name="signals">Business signals that are judged, as the manifest names them.</param>
    public static Evidence Weigh(
        IReadOnlyList<StepTally> steps,
        RolloutPlan plan,
        IReadOnlyList<string>? signals = null
    )
    {
        var alpha = (double)plan.FalseRollback;
        var names = Indicators.Of(signals ?? []);
        var evidence = new IndicatorEvidence[names.Count];
        Span<UnitCounts> counts = new UnitCounts[steps.Count];
        var tolerable = double.PositiveInfinity;
        for (var i = 0; i < names.Count; i++)
        {
            Count(steps, names[i], counts);
            evidence[i] = new(names[i], LogWorse(counts, Alphas.Of(names[i], names.Count), alpha));
            if (Telling.Contains(names[i]))
                tolerable = Math.Min(tolerable, TolerableTest.Log(counts, (double)plan.ToleratedRatio));
        }
        return new(evidence, tolerable, ThresholdOf(alpha), -Math.Log(TolerableTest.FalseTolerable));
    }

    /// <summary>Computes what a step's first bad answer would else wait for: some milliseconds' work.</summary>
    public static void Prepare(IEnumerable<Share> shares, RolloutPlan plan, IReadOnlyList<string>? signals = null)
    {
        UnitCounts[] steps = [.. shares.Select(share => new UnitCounts(share, 0, 0, 0, 0))];
        var others = Indicators.Of(signals ?? []).Count - 1;
        WorseTest.Prepare(steps, Alphas.Errors * (double)plan.FalseRollback);
        WorseTest.Prepare(steps, Alphas.OfOther(others) * (double)plan.FalseRollback);
    }

    /// <param name="spend">Of α, what the indicator may spend. Where that is less than errors may, it pays the
    /// difference, so that all indicators have one threshold.</param>
    internal static double LogWorse(ReadOnlySpan<UnitCounts> steps, double spend, double alpha) =>
        WorseTest.Log(steps, spend * alpha) + Math.Log(spend / Alphas.Errors);

    internal static double ThresholdOf(double alpha) => -Math.Log(Alphas.Errors * alpha);

    /// <summary>What the statistics of one indicator work on.</summary>
    public static void Count(IReadOnlyList<StepTally> steps, string indicator, Span<UnitCounts> counts)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            var (share, baseline, candidate) = steps[i];
            counts[i] = new(
                share,
                baseline.Bad[indicator],
                candidate.Bad[indicator],
                baseline.Good(indicator),
                candidate.Good(indicator),
                (double?)steps[i].PastRates?.Find(indicator)
            );
        }
    }
}
