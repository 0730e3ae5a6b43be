using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>
/// What the step in force says of its last minutes: of an incident that the baseline suffers too, and of a version that
/// has nobody beside it. Of the log alone; unlike the two-arm test it depends on when counts came.
/// </summary>
internal static class Recent
{
    /// <summary>An incident shows in half a minute where there is much traffic, in two minutes where there is little.
    /// Short windows, as the ramp goes on when it is over.</summary>
    private static readonly int[] Windows = [3, 12];

    /// <returns>
    /// Why the ramp is to be held; null where the baseline does as it did before, or the candidate is spared.
    /// </returns>
    public static string? Incident(Release release)
    {
        var step = release.Steps[^1];
        if (Usual(release) is not { } past || IsSpared(step.Total()))
            return null;
        foreach (var window in Windows)
        {
            var (_, requests, errors, _, _) = Lately(step, window);
            if (requests > 0 && SharedIncident.Is(errors, Math.Max(0, requests - errors), (double)past))
            {
                return $"shared incident: {release.Baseline} has {errors:N0} errors in its last {requests:N0} "
                    + $"requests, {100m * errors / requests:0.##} % after {100 * past:0.##} % before this step";
            }
        }
        return null;
    }

    /// <summary>
    /// Where nothing is held back. P(a version that stays as the old one was is taken back in its guard) is at most
    /// <paramref name="plan"/>'s false-rollback: the detector's mean at its n-th batch is n at most.
    /// </summary>
    /// <returns>ln of the detector, and from where on the version is worse; null where the past is not known.</returns>
    public static (double Log, double Threshold)? Alone(Release release, RolloutPlan plan)
    {
        if (Usual(release) is not { } past)
            return null;
        var guard = release.Steps[^1];
        var detector = Detector.Start((double)(past * plan.ToleratedRatio));
        var marks = guard.Marks ?? [];
        // What came before the first mark that is still kept is no batch of its own.
        var before = marks.Count < CountMark.Most ? Start(guard) : marks[0];
        foreach (var mark in marks.Append(CountMark.Of(guard, guard.At)))
        {
            var (_, _, _, requests, errors) = mark.Since(before);
            detector = detector.Next(errors, requests - errors);
            before = mark;
        }
        var batches = plan.GuardSeconds / CountMark.Spacing.TotalSeconds + 1;
        return (detector.Log, Math.Log(batches / (double)plan.FalseRollback));
    }

    /// <summary>
    /// The baseline's rate of errors before this step; where nobody knew it then, as after a start,
    /// before an earlier one. Null where nobody ever did.
    /// </summary>
    public static decimal? Usual(Release release) =>
        release.Steps.Select(s => s.PastRates.Find(Indicators.Errors)).LastOrDefault(rate => rate is not null);

    /// <summary>As a fix is by what it fixes. Probes may fail at one version only while clients do at both.</summary>
    private static bool IsSpared(StepTally step)
    {
        Span<UnitCounts> counts = new UnitCounts[1];
        Judge.Count([step], Indicators.Errors, counts);
        return step.Baseline.Probes == 0 && SparedTest.Is(counts[0]);
    }

    private static CountMark Lately(StepRecord step, int marks)
    {
        var past = step.Marks ?? [];
        return CountMark.Of(step, step.At).Since(past.Count < marks ? Start(step) : past[^marks]);
    }

    private static CountMark Start(StepRecord step) => new(step.At, 0, 0, 0, 0);
}
