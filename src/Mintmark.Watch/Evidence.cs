namespace Mintmark.Watch;

/// <summary>What the counts of a release say so far, as natural logarithms of e-values.</summary>
/// <param name="Indicators">Against "the candidate is no worse", by indicator.</param>
/// <param name="LogTolerable">Against "errors or slow requests are at least the tolerated ratio": the lesser.</param>
/// <param name="Threshold">-ln of what errors may spend of α: at this <see cref="LogWorse"/> the candidate is
/// worse.</param>
/// <param name="TolerableThreshold">At this <see cref="LogTolerable"/> the candidate is tolerable.</param>
public sealed record Evidence(
    IReadOnlyList<IndicatorEvidence> Indicators,
    double LogTolerable,
    double Threshold,
    double TolerableThreshold
)
{
    public IndicatorEvidence Strongest => Indicators.MaxBy(i => i.LogWorse)!;

    public double LogWorse => Strongest.LogWorse;

    public bool Worse => LogWorse >= Threshold;

    /// <summary>
    /// More than half way to worse: too much against a candidate to give it more traffic, too little to take it back.
    /// Of the candidates that are no worse about one in a hundred is ever doubtful where α is 0.0001: its root.
    /// </summary>
    public bool Doubtful => LogWorse >= Threshold / 2;

    public bool Tolerable => LogTolerable >= TolerableThreshold;

    public double LogWorseOf(string indicator) => Indicators.First(i => i.Name == indicator).LogWorse;
}

/// <param name="LogWorse">Less what the indicator pays for having less of α than errors, so that all have one
/// threshold.</param>
public sealed record IndicatorEvidence(string Name, double LogWorse);
