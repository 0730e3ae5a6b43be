using System.Numerics;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>
/// How one version's requests went over the last 14 to 16 minutes. Replaced slice by slice, as latencies are.
/// </summary>
/// <param name="signals">That the version declares, by bit.</param>
sealed class OutcomeWindow(IReadOnlyList<string> signals)
{
    private const int Slices = 8;
    private const int SliceMilliseconds = 120_000;
    private const int Requests = 0;
    private const int Errors = 1;
    private const int FirstSignal = 2;

    private readonly Slice?[] slices = new Slice?[Slices];

    /// <param name="now">A monotonic time in milliseconds.</param>
    public void Record(bool error, uint signalled, long now)
    {
        var counts = At(now).Counts;
        Interlocked.Increment(ref counts[Requests]);
        if (error)
            Interlocked.Increment(ref counts[Errors]);
        for (; signalled != 0; signalled &= signalled - 1)
            Interlocked.Increment(ref counts[FirstSignal + BitOperations.TrailingZeroCount(signalled)]);
    }

    public PastReport Report(Mark mark, long now)
    {
        var oldest = (now / SliceMilliseconds) - Slices + 1;
        var sum = new long[FirstSignal + signals.Count];
        foreach (var slice in slices)
        {
            if (slice is null || slice.Number < oldest)
                continue;
            for (var i = sum.Length - 1; i >= 0; i--)
                sum[i] += Volatile.Read(ref slice.Counts[i]);
        }
        var bad = signals.Select((name, i) => (Indicators.Signal(name), sum[FirstSignal + i]));
        return new PastReport(mark, sum[Requests], ByName.Of<long>([(Indicators.Errors, sum[Errors]), .. bad]));
    }

    private Slice At(long now)
    {
        var number = now / SliceMilliseconds;
        ref var place = ref slices[number % Slices];
        var slice = Volatile.Read(ref place);
        while (slice is null || slice.Number < number)
        {
            var fresh = new Slice(number, new long[FirstSignal + signals.Count]);
            var found = Interlocked.CompareExchange(ref place, fresh, slice);
            slice = found == slice ? fresh : found;
        }
        return slice;
    }

    private sealed record Slice(long Number, long[] Counts);
}
