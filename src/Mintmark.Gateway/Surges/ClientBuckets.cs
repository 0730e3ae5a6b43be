namespace Mintmark.Gateway.Surges;

/// <summary>
/// A bucket for each of the last 130,000 clients or so, in 2 MB. One that is full again is as good as none, so its
/// place is the next to be taken; only with eight unfilled ones in a set is somebody forgotten, and that one may send
/// anew.
/// </summary>
sealed class ClientBuckets(Bucket bucket)
{
    private const int Ways = 8;
    private const int Sets = 1 << 14;
    private const int Locks = 64;

    private readonly Place[] places = new Place[Sets * Ways];
    private readonly Lock[] changing = [.. Enumerable.Range(0, Locks).Select(_ => new Lock())];

    /// <param name="client">Spread evenly, by a secret.</param>
    /// <param name="clients">For whom it stands: its bucket is as many times larger.</param>
    /// <returns>As <see cref="Bucket.Take"/>.</returns>
    public long Take(ulong client, long now, double part, int clients = 1)
    {
        var set = (int)(client % Sets);
        lock (changing[set % Locks])
        {
            ref var place = ref Find(places.AsSpan(set * Ways, Ways), client);
            if (place.Client != client)
                place = new Place(client, now);
            var fullAt = place.FullAt;
            var wait = bucket.Times(clients).Take(ref fullAt, now, part);
            place = new Place(client, fullAt);
            return wait;
        }
    }

    /// <summary>The client's, else the one that is full, or will be first.</summary>
    private static ref Place Find(Span<Place> set, ulong client)
    {
        ref var first = ref set[0];
        foreach (ref var place in set)
        {
            if (place.Client == client)
                return ref place;
            if (place.FullAt < first.FullAt)
                first = ref place;
        }
        return ref first;
    }

    private readonly record struct Place(ulong Client, long FullAt);
}
