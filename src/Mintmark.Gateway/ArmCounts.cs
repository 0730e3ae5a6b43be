using System.Numerics;
using Mintmark.Releases;

namespace Mintmark.Gateway;

/// <summary>
/// Counts of one arm of one step. Each processor has its own cache lines, so requests do not wait for each other.
/// </summary>
/// <param name="indicators">By the bit that stands for each.</param>
sealed class ArmCounts(IReadOnlyList<string> indicators)
{
    private const int PerTwoCacheLines = 16;
    private const int Requests = 0;
    private const int Units = 1;
    private const int Errors = 2;
    private const int Probes = 3;
    private const int ProbesFailed = 4;
    private const int FirstIndicator = 5;

    private static readonly int Stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);

    private readonly int stride = StrideOf(indicators.Count);

    /// <summary>One stride more than there are stripes: what lies before the array is somebody else's.</summary>
    private readonly long[] counts = new long[(Stripes + 1) * StrideOf(indicators.Count)];

    /// <summary>
    /// Counts a request; the parts in the order that keeps every sum's bad ≤ units, errors and probes ≤ requests.
    /// </summary>
    public void Add(bool unit, bool error, uint bad, bool probe)
    {
        var own = counts.AsSpan(((Thread.GetCurrentProcessorId() & (Stripes - 1)) + 1) * stride, stride);
        Interlocked.Increment(ref own[Requests]);
        if (unit)
            Interlocked.Increment(ref own[Units]);
        if (error)
            Interlocked.Increment(ref own[Errors]);
        if (probe)
            Interlocked.Increment(ref own[Probes]);
        if (probe && error)
            Interlocked.Increment(ref own[ProbesFailed]);
        for (; bad != 0; bad &= bad - 1)
            Interlocked.Increment(ref own[FirstIndicator + BitOperations.TrailingZeroCount(bad)]);
    }

    public ValueCounts Value { get; } = new();

    public long RequestsSoFar() => Sum(Requests);

    /// <summary>What the judge needs, without a tally. In the order of <see cref="Sum()"/>.</summary>
    /// <param name="bad">Where to put units by indicator.</param>
    /// <returns>All units.</returns>
    public long Sum(Span<long> bad)
    {
        for (var i = bad.Length - 1; i >= 0; i--)
            bad[i] = Sum(FirstIndicator + i);
        return Sum(Units);
    }

    /// <summary>Reads in the opposite order of <see cref="Add"/>.</summary>
    public ArmTally Sum()
    {
        var bad = new (string, long)[indicators.Count];
        for (var i = bad.Length - 1; i >= 0; i--)
            bad[i] = (indicators[i], Sum(FirstIndicator + i));
        var probesFailed = Sum(ProbesFailed);
        var probes = Sum(Probes);
        var errors = Sum(Errors);
        var units = Sum(Units);
        return new ArmTally(Sum(Requests), units, errors, ByName.Of<long>(bad), Value.Sum(), probes, probesFailed);
    }

    private long Sum(int which)
    {
        var sum = 0L;
        for (var at = stride + which; at < counts.Length; at += stride)
            sum += Volatile.Read(ref counts[at]);
        return sum;
    }

    private static int StrideOf(int indicators) =>
        (FirstIndicator + indicators + PerTwoCacheLines - 1) / PerTwoCacheLines * PerTwoCacheLines;
}
