using Mintmark.Releases;

namespace Mintmark.Gateway;

enum Outcome
{
    /// <summary>Answered by the instance, with less than 500.</summary>
    Answered,

    /// <summary>Answered with 5xx, or not answered for the instance's reasons.</summary>
    Failed,

    /// <summary>The client went away, or sent what cannot be forwarded.</summary>
    Abandoned,

    /// <summary>A halt cut it off, or the gateway lacked what it needs: it says nothing of either version.</summary>
    Void,
}

/// <summary>
/// Where a request's outcome is counted: settled when it is assigned, whatever table is in force later.
/// </summary>
/// <param name="Unit">The client, or the request that this may be a retry of; null where the request is a unit of its
/// own.</param>
/// <param name="Probe">Whether the gateway itself asked.</param>
sealed record Seat(LiveComparison Comparison, bool OnCandidate, ulong? Unit, bool Probe = false)
{
    private bool IsByClient => Comparison.Declared.Rollout.Assignment == Assignment.Client;

    private LiveRelease Release => Comparison.Step.Release;

    /// <param name="signalled">By bit, what the version has declared and said.</param>
    /// <param name="value">What it said is at stake, as it said it; null where it said nothing.</param>
    /// <returns>Whether this outcome has shown that the candidate is worse.</returns>
    public bool Count(Outcome outcome, long microseconds, uint signalled, string? value)
    {
        if (outcome == Outcome.Void)
            return false;
        var slow = IsWarm() ? Comparison.Slow(microseconds) : 0;
        // A client that gives up on a slow answer has had one.
        if (outcome == Outcome.Abandoned && slow == 0)
        {
            if (OnCandidate)
                Release.WasLeft();
            return false;
        }

        var error = outcome == Outcome.Failed;
        var (unit, bad) = Fresh((error ? LiveRelease.ErrorBit : 0) | slow | Comparison.Judged(signalled, OnCandidate));
        var arm = OnCandidate ? Comparison.Step.Candidate : Comparison.Step.Baseline;
        arm.Add(unit, error, bad, Probe);
        // What a retry would put at stake, the first request has.
        if (value is not null && (unit || IsByClient))
            Expose(arm, value);

        var badOnCandidate = OnCandidate && bad != 0;
        var slowOnly = badOnCandidate && (bad & ~LiveRelease.SlowBits) == 0;
        if (Release.Tripped || !Comparison.Step.IsDue(badOnCandidate) || !IsWorse(badOnCandidate, slowOnly))
            return false;
        Release.Trip();
        return true;
    }

    private bool IsWorse(bool badOnCandidate, bool slowOnly)
    {
        if (!Comparison.Step.Pace.IsDue(slowOnly, out var begun))
            return false;
        var worse = Comparison.IsWorse(badOnCandidate);
        Comparison.Step.Pace.End(begun);
        return worse;
    }

    private void Expose(ArmCounts arm, string value)
    {
        if (!Money.TryParse(value, out var parts, out var currency) || !arm.Value.Add(parts, currency))
            (OnCandidate ? Comparison.Candidate : Comparison.Baseline)?.Version.Ignored.Value();
    }

    private bool IsWarm() =>
        Release.IsWarm || Release.Warm(OnCandidate, Comparison.CandidateRequests, Environment.TickCount64);

    /// <summary>Whether this is a unit not counted yet, and what is bad that was not bad about it yet.</summary>
    private (bool Unit, uint Bad) Fresh(uint bad)
    {
        if (IsByClient)
            return (false, bad != 0 && Unit is { } client ? Release.Units.Add(client, bad) & ~UnitMemory.Seen : bad);
        if (Unit is not { } request)
            return (true, bad);
        var fresh = Release.Units.Add(Comparison.Step.Place(request, OnCandidate), bad);
        return ((fresh & UnitMemory.Seen) != 0, fresh & ~UnitMemory.Seen);
    }
}
