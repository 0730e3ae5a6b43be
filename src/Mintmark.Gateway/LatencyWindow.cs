using System.Numerics;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>
/// Times of one version's requests in buckets no wider than a 32nd of their value: over the last 6 to 8 seconds, and
/// where these hold too few to tell anything over the last 3 to 4 minutes.
/// </summary>
sealed class LatencyWindow
{
    private const int Fine = 5;
    private const int Largest = 36;
    private const int Buckets = (Largest - Fine + 1) << Fine;

    private readonly Reach near = new(sliceMilliseconds: 2_000);
    private readonly Reach far = new(sliceMilliseconds: 60_000);

    /// <param name="now">A monotonic time in milliseconds.</param>
    public void Record(long microseconds, long now)
    {
        // In both: to add near slices to far ones when they are replaced would lose what is still counted in them.
        var bucket = Bucket(microseconds);
        near.Count(bucket, now);
        far.Count(bucket, now);
    }

    public LatencyReport Report(Mark mark, long now)
    {
        var sum = new long[Buckets];
        var requests = near.Sum(sum, now);
        if (requests < Pasts.Fewest)
            requests = far.Sum(sum, now);
        return new LatencyReport(
            mark,
            requests,
            ByName.Of<long>([.. Indicators.Slow.Select(s => (s.Name, Quantile(sum, requests, s.Quantile)))])
        );
    }

    private static long Quantile(long[] counts, long requests, decimal quantile)
    {
        var rank = (long)decimal.Ceiling(requests * quantile);
        var bucket = 0;
        for (var seen = 0L; bucket < counts.Length; bucket++)
        {
            seen += counts[bucket];
            if (seen >= rank)
                break;
        }
        return requests == 0 ? 0 : Top(bucket);
    }

    /// <summary>Values below 32 have a bucket each; above, each power of two has 32.</summary>
    internal static int Bucket(long microseconds)
    {
        var value = Math.Clamp(microseconds, 0, (1L << Largest) - 1);
        if (value < 1 << Fine)
            return (int)value;
        var shift = BitOperations.Log2((ulong)value) - Fine;
        return (shift << Fine) + (int)(value >> shift);
    }

    /// <summary>The largest value of a bucket.</summary>
    internal static long Top(int bucket)
    {
        if (bucket < 1 << Fine)
            return bucket;
        var shift = (bucket >> Fine) - 1;
        return ((((long)bucket & ((1 << Fine) - 1)) + (1 << Fine) + 1) << shift) - 1;
    }

    /// <summary>
    /// The last slices of time. One is never emptied but replaced by a fresh one, so no request is counted in the wrong
    /// one and nobody waits.
    /// </summary>
    private sealed class Reach(int sliceMilliseconds)
    {
        private const int Slices = 4;

        private readonly Slice?[] slices = new Slice?[Slices];

        public void Count(int bucket, long now)
        {
            var number = now / sliceMilliseconds;
            ref var place = ref slices[number % Slices];
            var slice = Volatile.Read(ref place);
            while (slice is null || slice.Number < number)
            {
                var fresh = new Slice(number, new int[Buckets]);
                var found = Interlocked.CompareExchange(ref place, fresh, slice);
                slice = found == slice ? fresh : found;
            }
            Interlocked.Increment(ref slice.Counts[bucket]);
        }

        /// <param name="counts">By bucket; what they held is overwritten.</param>
        /// <returns>How many they are in all.</returns>
        public long Sum(long[] counts, long now)
        {
            Array.Clear(counts);
            var oldest = (now / sliceMilliseconds) - Slices + 1;
            foreach (var slice in slices)
            {
                if (slice is null || slice.Number < oldest)
                    continue;
                for (var i = 0; i < Buckets; i++)
                    counts[i] += Volatile.Read(ref slice.Counts[i]);
            }
            return counts.Sum();
        }
    }

    private sealed record Slice(long Number, int[] Counts);
}
