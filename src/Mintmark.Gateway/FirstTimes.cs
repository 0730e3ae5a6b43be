using System.Collections.Concurrent;

namespace Mintmark.Gateway;

/// <summary>Clients that something has happened to in a release, so that each is counted once.</summary>
sealed class FirstTimes
{
    /// <summary>
    /// Beyond so many clients each further happening counts: better a unit too many than a blind judge, and both arms
    /// are counted alike.
    /// </summary>
    public const int Capacity = 100_000;

    private readonly ConcurrentDictionary<ulong, byte> clients = new();
    private int count;

    public bool IsFirst(ulong client)
    {
        if (Volatile.Read(ref count) >= Capacity)
            return !clients.ContainsKey(client);
        if (!clients.TryAdd(client, 0))
            return false;
        Interlocked.Increment(ref count);
        return true;
    }
}
