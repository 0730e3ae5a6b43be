using System.Collections.Immutable;

namespace Mintmark.Releases;

/// <summary>Copies of requests that a candidate answers for nobody, before its first step.</summary>
/// <param name="Share">Of the chosen requests.</param>
/// <param name="Requests">Copies answered after which the first step may be taken.</param>
/// <param name="WithinSeconds">From the candidate's health on; after that the first step is taken in any case.</param>
/// <param name="Methods">Those that the service can take twice.</param>
/// <param name="Paths">Each is also for what is below it; null for all.</param>
public sealed record ShadowPlan(
    Share Share,
    int Requests,
    int WithinSeconds,
    IReadOnlyList<string> Methods,
    IReadOnlyList<string>? Paths = null
)
{
    public const int MostMethods = 10;
    public const int MostPaths = 20;

    /// <summary>Repeating them changes nothing (RFC 9110, section 9.2.1), so they need no permission.</summary>
    public static readonly IReadOnlyList<string> SafeMethods = ["GET", "HEAD"];
}

/// <summary>
/// What a gateway has counted of a candidate's copies, since the gateway started: counts only grow. Each copy is
/// compared with the baseline's answer to the very same request.
/// </summary>
/// <param name="Copies">Answered, or not answered for the candidate's reasons.</param>
/// <param name="Same">Of these, with the status that the baseline's answer had.</param>
/// <param name="FailedAlone">Of these, failed where the baseline did not: 5xx, or no answer.</param>
/// <param name="AnsweredAlone">Of these, not failed where the baseline did.</param>
/// <param name="Statuses">Of the copies by class, <c>2xx</c> to <c>5xx</c>, or <c>none</c>.</param>
/// <param name="Microseconds">That the candidate took for all of them together.</param>
/// <param name="BaselineMicroseconds">That the baseline took for the same.</param>
/// <param name="Dropped">Chosen and not sent: too many at once, too large, or cut short.</param>
public sealed record ShadowTally(
    long Copies,
    long Same,
    long FailedAlone,
    long AnsweredAlone,
    ByName<long> Statuses,
    long Microseconds,
    long BaselineMicroseconds,
    long Dropped
)
{
    /// <summary>Fewer may be chance, or a candidate that is still warming up.</summary>
    private const long DoubtfulFailures = 5;

    public static readonly ShadowTally None = new(0, 0, 0, 0, ByName<long>.Empty, 0, 0, 0);

    /// <summary>
    /// Too many copies failed for the first client to follow them, if too few to say that the candidate is worse.
    /// </summary>
    /// <param name="tolerated">How many times the baseline's failures are let pass.</param>
    public bool IsDoubtful(decimal tolerated) =>
        FailedAlone >= DoubtfulFailures && FailedAlone > tolerated * AnsweredAlone;

    public static ShadowTally operator +(ShadowTally a, ShadowTally b) => Merge(a, b, (x, y) => x + y, (x, y) => x + y);

    /// <summary>The later of two reports of one gateway, whichever arrives first.</summary>
    public static ShadowTally Later(ShadowTally a, ShadowTally b) => Merge(a, b, Math.Max, ByName.Greatest);

    private static ShadowTally Merge(
        ShadowTally a,
        ShadowTally b,
        Func<long, long, long> each,
        Func<ByName<long>, ByName<long>, ByName<long>> named
    ) =>
        new(
            each(a.Copies, b.Copies),
            each(a.Same, b.Same),
            each(a.FailedAlone, b.FailedAlone),
            each(a.AnsweredAlone, b.AnsweredAlone),
            named(a.Statuses, b.Statuses),
            each(a.Microseconds, b.Microseconds),
            each(a.BaselineMicroseconds, b.BaselineMicroseconds),
            each(a.Dropped, b.Dropped)
        );
}

/// <summary>What the log knows of a release's shadow.</summary>
/// <param name="Tallies">By gateway run.</param>
public sealed record ShadowRecord(ImmutableSortedDictionary<string, ShadowTally> Tallies)
{
    public static readonly ShadowRecord Empty = new(ImmutableSortedDictionary<string, ShadowTally>.Empty);

    public ShadowTally Total() => Tallies.Values.Aggregate(ShadowTally.None, (sum, t) => sum + t);

    internal ShadowRecord With(Event.ShadowReported e) =>
        new(
            Tallies.SetItem(
                e.Gateway,
                ShadowTally.Later(Tallies.GetValueOrDefault(e.Gateway, ShadowTally.None), e.Counts)
            )
        );
}
