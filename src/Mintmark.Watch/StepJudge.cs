using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>
/// <see cref="Judge"/> for a step under way, on the path of requests: the same bits for the same counts, and nothing is
/// allocated. Any thread.
/// </summary>
public sealed class StepJudge
{
    private readonly UnitCounts[] _steps;
    private readonly double[] _spends;
    private readonly int _past;
    private readonly double _alpha;
    private readonly double _threshold;

    /// <param name="past">The release's earlier steps.</param>
    /// <param name="rates">Of the baseline by indicator, before the step, as far as they are known.</param>
    /// <param name="indicators">All that are judged, in the order in which their counts are given.</param>
    public StepJudge(
        IReadOnlyList<StepTally> past,
        Share share,
        ByName<decimal> rates,
        RolloutPlan plan,
        IReadOnlyList<string> indicators
    )
    {
        var now = new StepTally(share, ArmTally.None, ArmTally.None) { PastRates = rates };
        _past = past.Count;
        _steps = new UnitCounts[indicators.Count * (_past + 1)];
        for (var i = 0; i < indicators.Count; i++)
            Judge.Count([.. past, now], indicators[i], _steps.AsSpan(i * (_past + 1), _past + 1));
        _spends = [.. indicators.Select(name => Alphas.Of(name, indicators.Count))];
        _alpha = (double)plan.FalseRollback;
        _threshold = Judge.ThresholdOf(_alpha);
    }

    /// <param name="baseline">Bad units of the step by indicator; the candidate's likewise.</param>
    /// <param name="baselineUnits">All its units, 0 where clients are; the candidate's likewise.</param>
    public StepEvidence Weigh(
        ReadOnlySpan<long> baseline,
        long baselineUnits,
        ReadOnlySpan<long> candidate,
        long candidateUnits
    )
    {
        Span<UnitCounts> steps = stackalloc UnitCounts[_past + 1];
        var strongest = double.NegativeInfinity;
        for (var i = 0; i < _spends.Length; i++)
        {
            _steps.AsSpan(i * steps.Length, steps.Length).CopyTo(steps);
            steps[^1] = steps[^1] with
            {
                BaselineBad = baseline[i],
                CandidateBad = candidate[i],
                BaselineGood = Math.Max(0, baselineUnits - baseline[i]),
                CandidateGood = Math.Max(0, candidateUnits - candidate[i]),
            };
            strongest = Math.Max(strongest, Judge.LogWorse(steps, _spends[i], _alpha));
        }
        return new(strongest, _threshold);
    }
}

/// <param name="LogWorse">Of the strongest indicator, as <see cref="Evidence.LogWorse"/>.</param>
public readonly record struct StepEvidence(double LogWorse, double Threshold)
{
    /// <summary>So near its threshold that good answers, which say little each, may decide.</summary>
    private const double Near = 2;

    public bool Worse => LogWorse >= Threshold;

    public bool IsNear => LogWorse >= Threshold - Near;
}
