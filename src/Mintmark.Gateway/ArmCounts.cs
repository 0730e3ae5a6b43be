using System.Numerics;
using System.Runtime.InteropServices;
using Mintmark.Releases;

namespace Mintmark.Gateway;

/// <summary>
/// Counts of one arm of one step. Each processor has its own cache lines, so requests do not wait for each other.
/// </summary>
sealed class ArmCounts
{
    private const int TwoCacheLines = 128;

    private static readonly int Stripes = (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount);

    private readonly Stripe[] stripes = new Stripe[Stripes];

    /// <summary>Counts a request; the parts in the order that keeps every sum's units ≤ errors ≤ requests.</summary>
    public void Add(bool error, bool errorUnit, bool slow, bool slowUnit)
    {
        ref var stripe = ref stripes[Thread.GetCurrentProcessorId() & (Stripes - 1)];
        Interlocked.Increment(ref stripe.Requests);
        if (error)
            Interlocked.Increment(ref stripe.Errors);
        if (errorUnit)
            Interlocked.Increment(ref stripe.ErrorUnits);
        if (slow)
            Interlocked.Increment(ref stripe.Slow);
        if (slowUnit)
            Interlocked.Increment(ref stripe.SlowUnits);
    }

    /// <summary>Reads in the opposite order of <see cref="Add"/>.</summary>
    public ArmTally Sum()
    {
        long slowUnits = 0,
            slow = 0,
            errorUnits = 0,
            errors = 0,
            requests = 0;
        foreach (ref var stripe in stripes.AsSpan())
        {
            slowUnits += Volatile.Read(ref stripe.SlowUnits);
            slow += Volatile.Read(ref stripe.Slow);
            errorUnits += Volatile.Read(ref stripe.ErrorUnits);
            errors += Volatile.Read(ref stripe.Errors);
            requests += Volatile.Read(ref stripe.Requests);
        }
        return new ArmTally(requests, errors, errorUnits, slow, slowUnits);
    }

    [StructLayout(LayoutKind.Sequential, Size = TwoCacheLines)]
    private struct Stripe
    {
        public long Requests;
        public long Errors;
        public long ErrorUnits;
        public long Slow;
        public long SlowUnits;
    }
}
