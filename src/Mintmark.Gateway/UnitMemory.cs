namespace Mintmark.Gateway;

/// <summary>
/// What is known to be bad about units of a release, so that each counts once for each indicator. It never grows: 2 MiB
/// for up to 262,144 units, by sets of eight. Where a set is full a newcomer displaces one at random, which then counts
/// anew if it comes back: better a unit too many than a blind judge, and both arms are counted alike. Units are keyed
/// hashes, so nobody can aim at a set.
/// </summary>
sealed class UnitMemory
{
    public const int Capacity = Sets * Ways;

    /// <summary>The unit itself was new; the other bits are the caller's.</summary>
    public const uint Seen = 1 << 15;

    private const int Sets = 1 << 15;
    private const int Ways = 8;
    private const ulong Bits = (1 << 16) - 1;

    /// <summary>
    /// Each holds the upper 48 bits of a unit, whose lower 15 choose the set, and 16 bits of what is known of it.
    /// </summary>
    private readonly ulong[] places = new ulong[Capacity];

    /// <returns>Those of the <paramref name="bits"/> that are new for it; <see cref="Seen"/> if it is new.</returns>
    public uint Add(ulong unit, uint bits)
    {
        var wanted = bits | Seen;
        var set = places.AsSpan((int)(unit % Sets) * Ways, Ways);
        while (true)
        {
            ref var place = ref Find(set, unit & ~Bits);
            var before = Volatile.Read(ref place);
            var known = Is(before, unit & ~Bits) ? (uint)(before & Bits) : 0;
            if ((known | wanted) == known)
                return 0;
            // Who loses a race looks again: a unit's first place is the same for all who look for it, so it never gets
            // two, and each bit is new to exactly one of them.
            if (Interlocked.CompareExchange(ref place, (unit & ~Bits) | known | wanted, before) == before)
                return wanted & ~known;
        }
    }

    /// <summary>The unit's place, else the first empty one, else the one to displace.</summary>
    private static ref ulong Find(Span<ulong> set, ulong unit)
    {
        foreach (ref var place in set)
        {
            var there = Volatile.Read(ref place);
            if (there == 0 || Is(there, unit))
                return ref place;
        }
        return ref set[(int)((unit >> 16) % Ways)];
    }

    private static bool Is(ulong place, ulong unit) => place != 0 && (place & ~Bits) == unit;
}
