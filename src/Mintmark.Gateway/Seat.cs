namespace Mintmark.Gateway;

enum Outcome
{
    /// <summary>Answered by the instance, with less than 500.</summary>
    Answered,

    /// <summary>Answered with 5xx, or not answered for the instance's reasons.</summary>
    Failed,

    /// <summary>The client went away, or sent what cannot be forwarded.</summary>
    Abandoned,
}

/// <summary>
/// Where a request's outcome is counted: settled when it is assigned, whatever table is in force later.
/// </summary>
/// <param name="Client">Null where the request is a unit of its own.</param>
sealed record Seat(LiveComparison Comparison, bool OnCandidate, ulong? Client)
{
    /// <summary>Candidate requests in a release before slowness counts.</summary>
    private const int WarmingRequests = 100;

    /// <returns>Whether this outcome has shown that the candidate is worse.</returns>
    public bool Count(Outcome outcome, long microseconds)
    {
        var slow = IsWarm() && Comparison.Declared.SlowMicroseconds is { } limit && microseconds > limit;
        // A client that gives up on a slow answer has had one: else a candidate that hangs would leave no trace.
        if (outcome == Outcome.Abandoned && !slow)
            return false;

        var release = Comparison.Step.Release;
        var error = outcome == Outcome.Failed;
        var errorUnit = error && IsUnit(release.Errors);
        var slowUnit = slow && IsUnit(release.Slows);
        var arm = OnCandidate ? Comparison.Step.Candidate : Comparison.Step.Baseline;
        arm.Add(error, errorUnit, slow, slowUnit);

        if (
            !OnCandidate
            || !(errorUnit || slowUnit)
            || release.Tripped
            || !Comparison.Step.IsWorse(Comparison.Declared)
        )
            return false;
        release.Trip();
        return true;
    }

    private bool IsWarm()
    {
        var release = Comparison.Step.Release;
        if (!release.IsWarm && Comparison.Step.CandidateRequests(Comparison.Declared) >= WarmingRequests)
            release.Warm();
        return release.IsWarm;
    }

    private bool IsUnit(FirstTimes seen) => Client is not { } client || seen.IsFirst(client);
}
