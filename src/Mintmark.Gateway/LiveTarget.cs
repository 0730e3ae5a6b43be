using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Surges;
using Mintmark.Gateway.Wire;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>An instance and its requests in flight, for as long as it is in the table or has some.</summary>
/// <param name="onHalt">What becomes of its requests in flight.</param>
/// <param name="frequency">Ticks of the clock in a second.</param>
sealed class LiveTarget(Mark mark, Target declared, Releases.InFlight onHalt, long frequency)
{
    private const long DeafMilliseconds = 250;

    private readonly FieldMemory?[] memories = new FieldMemory?[Loop.Count];
    private long deafUntil;
    private int inFlight;
    private volatile bool retired;
    private volatile string? refusing;
    private volatile Cutting cutting = new();

    public Mark Mark => mark;

    public InstanceId Instance => declared.Instance;

    public int Port => declared.Port;

    public string Address { get; } = $"http://127.0.0.1:{declared.Port}";

    public IdleConnections Idle { get; } = new();

    /// <summary>Of its answers' fields: each loop's own, as whoever has a request stays on its loop.</summary>
    public FieldMemory Memory =>
        Loop.Current is { } here ? memories[here.Index] ??= new FieldMemory() : new FieldMemory();

    /// <summary>Heeded where the service asks for it.</summary>
    public ConcurrencyLimit Limit { get; } = new(frequency);

    public int InFlight => Volatile.Read(ref inFlight);

    /// <summary>
    /// Why nothing is to be sent to it that it is not at work on: a request may have waited for its connection while
    /// its service was halted. Null where there is no halt.
    /// </summary>
    public string? Refusing => refusing;

    /// <summary>Why its requests in flight were cut off; null where they go on.</summary>
    public string? Cut => cutting.Reason;

    /// <summary>What ends those that are in flight now; it says by which halt also after that is lifted.</summary>
    public Cutting Cutting => cutting;

    /// <summary>It took no connection a moment ago.</summary>
    public bool IsDeaf => Volatile.Read(ref deafUntil) is var until && until != 0 && until > Environment.TickCount64;

    public void FoundDeaf() => Volatile.Write(ref deafUntil, Environment.TickCount64 + DeafMilliseconds);

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

    /// <summary>
    /// Sets what each request looks at after it has its connection, before the connections are looked at: so that one
    /// of the two sees the other (each a full fence).
    /// </summary>
    /// <param name="reason">Of the halt; null where there is none.</param>
    /// <returns>Whether requests in flight are to end: by <see cref="CutOff"/>, when all have been told.</returns>
    public bool Halt(string? reason)
    {
        refusing = reason;
        if (reason is null || onHalt != Releases.InFlight.Cut)
        {
            if (Cut is not null)
                cutting = new Cutting();
            return false;
        }
        cutting.Begin(reason);
        return true;
    }

    /// <summary>Ends what waits for it, after a halt.</summary>
    public void CutOff() => cutting.CutOff();

    public void Retire()
    {
        retired = true;
        Interlocked.MemoryBarrier();
    }

    public void Return() => retired = false;
}
