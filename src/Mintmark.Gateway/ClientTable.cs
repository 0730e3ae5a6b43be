namespace Mintmark.Gateway;

/// <summary>
/// The clients of one version by their digests, with the last use of each: exact for up to 100,000, and of bounded size
/// (3 MiB): after that newcomers are not kept, and the count is a lower bound. Digests are keyed, so that nobody can
/// aim at a place.
/// </summary>
/// <param name="most">Clients that are kept.</param>
sealed class ClientTable(int most = ClientTable.Most)
{
    public const int Most = 100_000;

    /// <summary>How long ago somebody may have called who calls lately.</summary>
    public const int LatelySeconds = 900;

    private const int Least = 256;

    private readonly Lock adding = new();
    private volatile Places places = new(Least);
    private volatile bool isFull;
    private int count;

    public (int Clients, bool IsLowerBound) Count => (Volatile.Read(ref count), isFull);

    /// <param name="now">A monotonic time in seconds.</param>
    public void Saw(ulong digest, int now)
    {
        // 0 is an empty place's.
        var key = digest == 0 ? 1 : digest;
        if (!places.TryTouch(key, now) && !isFull)
            Add(key, now);
    }

    /// <summary>Clients whose last use is no longer ago than <see cref="LatelySeconds"/>.</summary>
    public int Lately(int now) => places.Since(now - LatelySeconds);

    private void Add(ulong key, int now)
    {
        lock (adding)
        {
            if (places.TryTouch(key, now))
                return;
            if (count == most)
            {
                isFull = true;
                return;
            }
            // Half of the places stay empty, so that a look ends soon. Who touches a client while places are copied
            // may touch the old place: then its last use is a moment earlier than it was.
            if (2 * (count + 1) > places.Length)
                places = places.Doubled();
            places.Add(key, now);
            Volatile.Write(ref count, count + 1);
        }
    }

    /// <summary>Open addressing, the next place where one is taken. Keys are added and never leave.</summary>
    private sealed class Places(int length)
    {
        private readonly ulong[] keys = new ulong[length];
        private readonly int[] uses = new int[length];

        public int Length => length;

        public bool TryTouch(ulong key, int now)
        {
            for (var at = Start(key); ; at = (at + 1) & (length - 1))
            {
                var there = Volatile.Read(ref keys[at]);
                if (there == 0)
                    return false;
                if (there != key)
                    continue;
                // Written once a second for each client, so that processors do not take the line from each other.
                if (Volatile.Read(ref uses[at]) < now)
                    Volatile.Write(ref uses[at], now);
                return true;
            }
        }

        public void Add(ulong key, int use)
        {
            var at = Start(key);
            while (keys[at] != 0)
                at = (at + 1) & (length - 1);
            uses[at] = use;
            // Last: who sees the key sees its use.
            Volatile.Write(ref keys[at], key);
        }

        public Places Doubled()
        {
            var larger = new Places(2 * length);
            for (var at = 0; at < length; at++)
            {
                if (keys[at] != 0)
                    larger.Add(keys[at], Volatile.Read(ref uses[at]));
            }
            return larger;
        }

        public int Since(int time)
        {
            var found = 0;
            for (var at = 0; at < length; at++)
            {
                if (Volatile.Read(ref keys[at]) != 0 && Volatile.Read(ref uses[at]) >= time)
                    found++;
            }
            return found;
        }

        private int Start(ulong key) => (int)(key & (ulong)(length - 1));
    }
}
