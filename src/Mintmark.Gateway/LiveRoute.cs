using System.Collections.Immutable;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <param name="Steps">The steps counted last, oldest first; their late requests still count.</param>
sealed record LiveRoute(
    ServiceName Name,
    string? Halted,
    LiveArm? Baseline,
    LiveComparison? Comparison,
    ImmutableList<LiveStep> Steps
)
{
    /// <summary>
    /// Who answers a client that drew this <paramref name="lot"/>, and whether that is part of the comparison.
    /// </summary>
    public Split Split(Lot lot)
    {
        if (Comparison is not { Tripped: false } comparison)
            return new(Baseline, OnCandidate: false, Counts: false);
        var onCandidate = lot.IsCandidate(comparison.Declared.Share) && comparison.Candidate.CanAnswer;
        // An unproven candidate never inherits the baseline's share, but the baseline takes the candidate's.
        return new(onCandidate ? comparison.Candidate : Baseline, onCandidate, Counts: comparison.IsFair(Baseline));
    }
}

readonly record struct Split(LiveArm? Arm, bool OnCandidate, bool Counts);

sealed record LiveArm(Mark Mark, ImmutableArray<LiveTarget> Targets, LatencyWindow Latency)
{
    public bool CanAnswer => !Targets.IsEmpty;

    /// <summary>The less busy of two drawn at random; null where there is none but <paramref name="except"/>.</summary>
    public LiveTarget? Pick(LiveTarget? except = null)
    {
        var targets = except is null ? Targets : Targets.Remove(except);
        if (targets.Length < 2)
            return targets.FirstOrDefault();
        var first = Random.Shared.Next(targets.Length);
        var second = (first + 1 + Random.Shared.Next(targets.Length - 1)) % targets.Length;
        return targets[second].InFlight < targets[first].InFlight ? targets[second] : targets[first];
    }
}

sealed record LiveComparison(Comparison Declared, LiveArm Candidate, LiveStep Step)
{
    public bool Tripped => Step.Release.Tripped;

    /// <summary>
    /// While only one arm can answer, whatever befalls both is counted against that one alone: then nothing is counted.
    /// </summary>
    public bool IsFair(LiveArm? baseline) =>
        Candidate.CanAnswer && (baseline is { CanAnswer: true } || Declared.Share.BasisPoints == Share.Whole);
}
