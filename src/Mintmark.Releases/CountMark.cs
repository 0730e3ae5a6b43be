namespace Mintmark.Releases;

/// <summary>
/// The counts of a step over all gateways at one time. Marks tell what happened lately from what happened before, which
/// the totals do not: an incident is over when the last counts are as usual again.
/// </summary>
/// <param name="BaselineErrors">Requests.</param>
/// <param name="CandidateErrors">Units: a client that fails ever again is one.</param>
public sealed record CountMark(
    DateTimeOffset At,
    long BaselineRequests,
    long BaselineErrors,
    long CandidateRequests,
    long CandidateErrors
)
{
    public static readonly TimeSpan Spacing = TimeSpan.FromSeconds(10);

    /// <summary>Ten minutes of them.</summary>
    public const int Most = 60;

    public static CountMark Of(StepRecord step, DateTimeOffset at)
    {
        var (_, baseline, candidate) = step.Total();
        return new(
            at,
            baseline.Requests,
            baseline.Errors,
            candidate.Requests,
            Math.Min(candidate.Bad[Indicators.Errors], candidate.Requests)
        );
    }

    /// <summary>The last mark is old enough, or of a future that a clock set back has undone.</summary>
    internal static bool IsDue(StepRecord step, DateTimeOffset at) =>
        (at - (step.Marks is { IsEmpty: false } marks ? marks[^1].At : step.At)).Duration() >= Spacing;

    internal static StepRecord Set(StepRecord step, DateTimeOffset at)
    {
        var marks = step.Marks ?? [];
        return step with { Marks = (marks.Count < Most ? marks : marks.RemoveAt(0)).Add(Of(step, at)) };
    }

    /// <summary>Counts that came since an earlier mark.</summary>
    public CountMark Since(CountMark earlier) =>
        new(
            At,
            BaselineRequests - earlier.BaselineRequests,
            BaselineErrors - earlier.BaselineErrors,
            CandidateRequests - earlier.CandidateRequests,
            CandidateErrors - earlier.CandidateErrors
        );
}
