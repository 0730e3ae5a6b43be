using Mintmark.Gateway.Wire;

namespace Mintmark.Gateway.Guard;

/// <summary>
/// Who was turned away most, in memory that does not grow: sets of eight places, chosen by a hash that is another in
/// each process. Who finds no place takes that of the least, and its count as a start (space-saving, Metwally et al.
/// 2005): so a count may be too high, by no more than is said with it, and never too low.
/// </summary>
sealed class Offenders
{
    private const int Ways = 8;
    private const int Sets = 64;

    private readonly Lock changing = new();
    private readonly Place[] places = new Place[Sets * Ways];

    /// <param name="now">A time in milliseconds.</param>
    public void Add(Origin origin, Reason why, long now)
    {
        var set = (int)((uint)HashCode.Combine(origin.Bits, origin.IsSix) % Sets);
        lock (changing)
        {
            ref var place = ref Find(places.AsSpan(set * Ways, Ways), origin);
            place =
                place.Count > 0 && place.Origin == origin
                    ? place with
                    {
                        Count = place.Count + 1,
                        Last = now,
                        Why = why,
                    }
                    : new Place(origin, place.Count + 1, place.Count, now, why);
        }
    }

    /// <summary>The most first.</summary>
    public IReadOnlyList<Place> Most(int count)
    {
        Place[] present;
        lock (changing)
            present = [.. places];
        return [.. present.Where(p => p.Count > 0).OrderByDescending(p => p.Count).Take(count)];
    }

    /// <summary>The origin's, else the one with the least.</summary>
    private static ref Place Find(Span<Place> set, Origin origin)
    {
        ref var least = ref set[0];
        foreach (ref var place in set)
        {
            if (place.Count > 0 && place.Origin == origin)
                return ref place;
            if (place.Count < least.Count)
                least = ref place;
        }
        return ref least;
    }

    /// <param name="TooHigh">At most.</param>
    /// <param name="Why">The last time.</param>
    public readonly record struct Place(Origin Origin, long Count, long TooHigh, long Last, Reason Why);
}
