using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Surges;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>An instance and its requests in flight, for as long as it is in the table or has some.</summary>
/// <param name="frequency">Ticks of the clock in a second.</param>
sealed class LiveTarget(Mark mark, Target declared, long frequency)
{
    private int inFlight;
    private volatile bool retired;

    public Mark Mark => mark;

    public InstanceId Instance => declared.Instance;

    public int Port => declared.Port;

    public string Address { get; } = $"http://127.0.0.1:{declared.Port}";

    public IdleConnections Idle { get; } = new();

    /// <summary>Heeded where the service asks for it.</summary>
    public ConcurrencyLimit Limit { get; } = new(frequency);

    public int InFlight => Volatile.Read(ref inFlight);

    public bool Is(Mark other, Target target) => mark == other && declared == target;

    /// <summary>
    /// False where a later table has dropped the instance. Counting first and looking second (each a full fence), while
    /// a swap retires first and reports later, means that a report after the swap shows every request that got in.
    /// </summary>
    public bool TryEnter()
    {
        Interlocked.Increment(ref inFlight);
        if (!retired)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref inFlight);

    public void Retire()
    {
        retired = true;
        Interlocked.MemoryBarrier();
    }

    public void Return() => retired = false;
}
