using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Watch;

namespace Mintmark.Gateway;

/// <summary>
/// What lives as long as a release: who has been counted in it, and whether its candidate was found worse.
/// </summary>
/// <param name="indicators">What is judged, by bit: errors, slowness, signals.</param>
/// <param name="warmUp">Milliseconds from the candidate's first request on in which nothing is slow.</param>
sealed class LiveRelease(ReleaseId id, IReadOnlyList<string> indicators, long warmUp)
{
    /// <summary>Candidate requests in a release before slowness counts.</summary>
    private const int WarmingRequests = 100;

    public const uint ErrorBit = 1;
    public const int FirstSlowBit = 1;
    public const uint SlowBits = 0b1_1110;

    private volatile bool tripped;
    private volatile bool warm;
    private long begun;
    private int left;

    public ReleaseId Id => id;

    public IReadOnlyList<string> Indicators => indicators;

    public UnitMemory Units { get; } = new();

    /// <summary>Set once and for good: what was worse in one step is worse in the next.</summary>
    public bool Tripped => tripped;

    public void Trip() => tripped = true;

    /// <summary>
    /// Whether slowness counts by now, on either arm. The first answers of a fresh instance are slow in every version:
    /// code is compiled, caches and pools are empty. The rule looks at past counts only, so it favours neither arm.
    /// </summary>
    public bool IsWarm => warm;

    /// <param name="onCandidate">Where this request goes.</param>
    /// <param name="requests">Of the candidate, that are counted by now; asked for once its time is over.</param>
    /// <param name="now">A monotonic time in milliseconds, not 0.</param>
    /// <returns>Whether it is warm by now.</returns>
    public bool Warm(bool onCandidate, Func<long> requests, long now)
    {
        if (onCandidate && Volatile.Read(ref begun) == 0)
            Interlocked.CompareExchange(ref begun, now, 0);
        var since = Volatile.Read(ref begun);
        if (warmUp > 0 && (since == 0 || now - since < warmUp))
            return false;
        if (requests() + Volatile.Read(ref left) >= WarmingRequests)
            warm = true;
        return warm;
    }

    /// <summary>
    /// A candidate request that its client has left and that is not counted. It warms as the others do: or one that
    /// hangs would never be warm, and its clients' waiting never count.
    /// </summary>
    public void WasLeft() => Interlocked.Increment(ref left);
}

/// <summary>
/// The counts of one step, carried from table to table while the step is in force and a few steps on.
/// </summary>
sealed class LiveStep(LiveRelease release, int step)
{
    private const int AnswersAfterNear = 64;

    private int due;

    public LiveRelease Release => release;

    public int Step => step;

    public ArmCounts Baseline { get; } = new(release.Indicators);

    public ArmCounts Candidate { get; } = new(release.Indicators);

    public Pace Pace { get; } = new();

    public bool Is(Comparison declared) => release.Id == declared.Release && step == declared.Step;

    /// <summary>
    /// A request's unit belongs to the arm and step in which it was first seen, so that no arm has more bad units than
    /// units: a retry across a step's end is a unit of its own.
    /// </summary>
    public ulong Place(ulong unit, bool onCandidate) =>
        unit ^ ((2 * (ulong)step + (onCandidate ? 1ul : 0) + 1) * 0x9E37_79B9_7F4A_7C15);

    /// <summary>Where it has tripped, with the answer that it tripped by: that is counted first.</summary>
    public StepReport Report()
    {
        var tripped = release.Tripped;
        return new(release.Id, step, Baseline.Sum(), Candidate.Sum(), tripped);
    }

    /// <summary>Candidate requests in the whole release, as far as this gateway knows.</summary>
    /// <param name="before">Of these, in earlier steps.</param>
    public long CandidateRequests(long before) => before + Candidate.RequestsSoFar();

    /// <summary>
    /// Whether to weigh after this answer: the candidate's bad ones, and a few after one that came near, as good
    /// answers are evidence too where a request is a unit.
    /// </summary>
    public bool IsDue(bool badOnCandidate) =>
        badOnCandidate || (Volatile.Read(ref due) > 0 && Interlocked.Decrement(ref due) >= 0);

    /// <summary>
    /// The judge on the spot, on what the control plane knew of earlier steps and what was counted here.
    /// </summary>
    public bool IsWorse(StepJudge judge, bool badOnCandidate)
    {
        Span<long> baseline = stackalloc long[release.Indicators.Count];
        Span<long> candidate = stackalloc long[release.Indicators.Count];
        var baselineUnits = Baseline.Sum(baseline);
        var candidateUnits = Candidate.Sum(candidate);
        var evidence = judge.Weigh(baseline, baselineUnits, candidate, candidateUnits);
        if (badOnCandidate && evidence.IsNear)
            Volatile.Write(ref due, AnswersAfterNear);
        return evidence.Worse;
    }
}
