using System.Net;
using System.Runtime.InteropServices;

namespace Mintmark.Gateway.Wire;

/// <param name="InAll">Connections that may be open at once.</param>
/// <param name="Each">Of these by one origin.</param>
/// <param name="EachLocal">By one origin of this machine.</param>
readonly record struct CrowdLimits(int InAll, int Each, int EachLocal);

/// <summary>
/// How many connections of clients are open, in all and by origin, so that nobody takes all there may be. It knows as
/// many origins as there are connections.
/// </summary>
sealed class Crowd(CrowdLimits limits)
{
    private readonly Lock changing = new();
    private readonly Dictionary<Origin, int> present = [];
    private int count;

    public CrowdLimits Limits => limits;

    public int Count => Volatile.Read(ref count);

    /// <summary>Called for each connection that is not let in, on the thread that accepts.</summary>
    public Action<IPAddress, Full>? WhenFull { get; set; }

    /// <returns>Whether one more may come; if so it is to <see cref="Leave"/> once.</returns>
    public bool TryEnter(IPAddress address)
    {
        var full = Enter(Origin.Of(address));
        if (full is not { } why)
            return true;
        WhenFull?.Invoke(address, why);
        return false;
    }

    public void Leave(IPAddress address)
    {
        var origin = Origin.Of(address);
        lock (changing)
        {
            count--;
            ref var own = ref CollectionsMarshal.GetValueRefOrNullRef(present, origin);
            if (--own == 0)
                present.Remove(origin);
        }
    }

    private Full? Enter(Origin origin)
    {
        lock (changing)
        {
            if (count >= limits.InAll)
                return Full.InAll;
            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(present, origin, out _);
            if (own >= (origin.IsLoopback ? limits.EachLocal : limits.Each))
                return Full.OfOne;
            own++;
            count++;
            return null;
        }
    }
}

enum Full
{
    InAll,
    OfOne,
}
