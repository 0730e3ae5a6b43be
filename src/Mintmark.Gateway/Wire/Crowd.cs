using System.Net;
using System.Runtime.InteropServices;

namespace Mintmark.Gateway.Wire;

/// <param name="InAll">Connections that may be open at once.</param>
/// <param name="Each">Of these by one origin.</param>
/// <param name="EachLocal">By one origin of this machine.</param>
/// <param name="Requests">Requests of one origin that may be under way at once.</param>
/// <param name="RequestsLocal">Of one origin of this machine.</param>
readonly record struct CrowdLimits(int InAll, int Each, int EachLocal, int Requests, int RequestsLocal);

/// <summary>
/// How many connections of clients are open, in all and by origin, so that nobody takes all there may be; nor do their
/// requests (<see cref="Party"/>). It knows as many origins as there are connections.
/// </summary>
sealed class Crowd(CrowdLimits limits)
{
    /// <summary>One place of so many is for this machine alone.</summary>
    private const int KeptForOwn = 20;

    private readonly Lock changing = new();
    private readonly Dictionary<Origin, Party> present = [];
    private int count;

    public CrowdLimits Limits => limits;

    public int Count => Volatile.Read(ref count);

    /// <summary>Called for each connection that is not let in, on the thread that accepts.</summary>
    public Action<IPAddress, Full>? WhenFull { get; set; }

    /// <returns>Whom it belongs to; it is to <see cref="Leave"/> once. Null where no more may come.</returns>
    public Party? TryEnter(IPAddress address)
    {
        var (party, full) = Enter(Origin.Of(address));
        if (full is { } why)
            WhenFull?.Invoke(address, why);
        return party;
    }

    public void Leave(Party party)
    {
        lock (changing)
        {
            count--;
            if (--party.Connections == 0)
                present.Remove(party.Origin);
        }
    }

    private (Party?, Full?) Enter(Origin origin)
    {
        lock (changing)
        {
            // Whoever comes in masses from outside does not keep this machine's own from talking to each other.
            if (count >= (origin.IsLoopback ? limits.InAll : limits.InAll - (limits.InAll / KeptForOwn)))
                return (null, Full.InAll);
            ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(present, origin, out _);
            own ??= new Party(origin, origin.IsLoopback ? limits.RequestsLocal : limits.Requests);
            if (own.Connections >= (origin.IsLoopback ? limits.EachLocal : limits.Each))
                return (null, Full.OfOne);
            own.Connections++;
            count++;
            return (own, null);
        }
    }
}

enum Full
{
    InAll,
    OfOne,
}
