using System.Collections.Immutable;
using System.Numerics;
using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Shadows;
using Mintmark.Gateway.Surges;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Watch;

namespace Mintmark.Gateway;

/// <param name="Steps">The steps counted last, oldest first; their late requests still count.</param>
sealed record LiveRoute(
    ServiceName Name,
    string? Halted,
    LiveArm? Baseline,
    LiveComparison? Comparison,
    ImmutableList<LiveStep> Steps,
    Surge? Surge,
    RetryBudget Retries,
    LiveShadow? Shadow = null,
    LiveRehearsal? Rehearsal = null
)
{
    /// <summary>The version of that mark, if it is in service or compared, or its kill is rehearsed.</summary>
    public LiveArm? Live(ReadOnlySpan<char> mark) =>
        Baseline is { } baseline && mark.Equals(baseline.MarkText, StringComparison.OrdinalIgnoreCase) ? baseline
        : Comparison is { Candidate: var candidate }
        && mark.Equals(candidate.MarkText, StringComparison.OrdinalIgnoreCase)
            ? candidate
        : Rehearsal is { Candidate: var rehearsed }
        && mark.Equals(rehearsed.MarkText, StringComparison.OrdinalIgnoreCase)
            ? rehearsed
        : null;

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

/// <param name="Halted">Why nothing may go through to the version; null where it may.</param>
sealed record LiveRehearsal(LiveArm Candidate, string? Halted);

readonly record struct Split(LiveArm? Arm, bool OnCandidate, bool Counts);

/// <param name="SpeaksHttp2">Its instances do, without TLS.</param>
sealed record LiveArm(
    Mark Mark,
    ImmutableArray<LiveTarget> Targets,
    LiveVersion Version,
    TimeLimits Limits,
    bool SpeaksHttp2
)
{
    public string MarkText { get; } = Mark.ToString();

    /// <summary>As requests name it; null for the first of the home.</summary>
    public string? Gateway { get; init; }

    public bool CanAnswer => !Targets.IsEmpty;

    public LiveTarget? Pick() => Pick(Targets);

    /// <summary>The less busy of two drawn at random, or of all where both are deaf; null if there is none.</summary>
    public static LiveTarget? Pick(ImmutableArray<LiveTarget> targets)
    {
        if (targets.Length < 2)
            return targets.FirstOrDefault();
        var first = Random.Shared.Next(targets.Length);
        var second = (first + 1 + Random.Shared.Next(targets.Length - 1)) % targets.Length;
        var picked = Burden(targets[second]) < Burden(targets[first]) ? targets[second] : targets[first];
        return picked.IsDeaf && targets.MinBy(Burden) is { IsDeaf: false } hearing ? hearing : picked;
    }

    /// <summary>One that takes no connections has nothing in flight: that must not make it the one to ask.</summary>
    private static long Burden(LiveTarget target) => target.IsDeaf ? long.MaxValue : target.InFlight;
}

sealed record LiveComparison(Comparison Declared, LiveArm Candidate, LiveStep Step, LiveArm? Baseline)
{
    private readonly long[] limits =
    [
        .. Indicators.Slow.Select(s => Declared.Thresholds.Find(s.Name) ?? long.MaxValue),
    ];

    private readonly long requestsBefore = Declared.Past.Sum(past => past.Candidate.Requests);

    private readonly StepJudge judge = new(
        Declared.Past,
        Declared.Share,
        Declared.PastRates,
        Declared.Rollout,
        Step.Release.Indicators
    );

    private readonly uint[] candidateBits = BitsOf(Candidate, Step.Release);
    private readonly uint[] baselineBits = BitsOf(Baseline, Step.Release);

    /// <summary>By bit, the indicators of slowness that an answer after so long shows.</summary>
    public uint Slow(long microseconds)
    {
        var slow = 0u;
        for (var i = 0; i < limits.Length; i++)
        {
            if (microseconds > limits[i])
                slow |= 1u << (LiveRelease.FirstSlowBit + i);
        }
        return slow;
    }

    /// <summary>From the bits of a version's own signals to those of the indicators that are judged.</summary>
    public uint Judged(uint signalled, bool onCandidate)
    {
        var judged = 0u;
        var bits = onCandidate ? candidateBits : baselineBits;
        for (; signalled != 0; signalled &= signalled - 1)
            judged |= bits[BitOperations.TrailingZeroCount(signalled)];
        return judged;
    }

    public GuestList Guests { get; } = new(Declared.Candidate.Mark.Service, Declared);

    public bool Tripped => Step.Release.Tripped;

    public long CandidateRequests() => Step.CandidateRequests(requestsBefore);

    public bool IsWorse(bool badOnCandidate) => Step.IsWorse(judge, badOnCandidate);

    /// <summary>
    /// While only one arm can answer, whatever befalls both is counted against that one alone: then nothing is counted.
    /// </summary>
    public bool IsFair(LiveArm? baseline) =>
        Candidate.CanAnswer && (baseline is { CanAnswer: true } || Declared.Share.BasisPoints == Share.Whole);

    private static uint[] BitsOf(LiveArm? arm, LiveRelease release) =>
        [.. (arm?.Version.Signals ?? []).Select(s => BitOf(release.Indicators, Indicators.Signal(s)))];

    private static uint BitOf(IReadOnlyList<string> indicators, string name)
    {
        for (var i = 0; i < indicators.Count; i++)
        {
            if (indicators[i] == name)
                return 1u << i;
        }
        return 0;
    }
}
