namespace Mintmark.Watch;

/// <summary>What the counts of a release say so far, as natural logarithms of e-values.</summary>
/// <param name="LogWorse">Against "the candidate is no worse": the larger of the next two e-values.</param>
/// <param name="LogWorseErrors">From units with an error.</param>
/// <param name="LogWorseSlow">From units with a slow request.</param>
/// <param name="LogTolerable">Against "errors or slow requests are at least the tolerated ratio": the lesser.</param>
/// <param name="Threshold">ln(2/α), as there are two tests: at this <see cref="LogWorse"/> the candidate is
/// worse.</param>
/// <param name="TolerableThreshold">At this <see cref="LogTolerable"/> the candidate is tolerable.</param>
public sealed record Evidence(
    double LogWorse,
    double LogWorseErrors,
    double LogWorseSlow,
    double LogTolerable,
    double Threshold,
    double TolerableThreshold
)
{
    public bool Worse => LogWorse >= Threshold;

    public bool Tolerable => LogTolerable >= TolerableThreshold;
}
