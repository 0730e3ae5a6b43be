using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Mintmark.Gateway.Wire;

namespace Mintmark.Gateway.Plain;

/// <summary>
/// A connection to an instance. One exchange at a time has it; its owner, the sweep and a client that goes away may all
/// end it, and exactly one of them does: each must turn <c>state</c> from what it saw.
/// </summary>
sealed class UpstreamConnection : ITaker<bool>, IDisposable
{
    private const int Buffer = 32 << 10;
    private const long Ended = 0;

    private readonly Link link;
    private readonly LiveTarget target;
    private readonly Arrival<bool> arrival;
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(Buffer);
    private int start;
    private int end;

    /// <summary>Positive: had by its n-th exchange. Negative: idle after that. 0: ended, for good.</summary>
    private long state = 1;
    private long deadline = long.MaxValue;
    private long last = long.MaxValue;
    private long idleSince;
    private volatile bool isAnswering;
    private readonly Lock waiting = new();
    private PipeWriter? awaited;

    public UpstreamConnection(Link link, LiveTarget target)
    {
        (this.link, this.target) = (link, target);
        arrival = new Arrival<bool>(link.Readable, this);
    }

    public LiveTarget Target => target;

    public Loop Loop => link.Loop;

    public AnswerHead Head { get; } = new();

    public FieldMemory Memory => target.Memory;

    public ByteText Out { get; } = new();

    /// <summary>Names the exchange that has it.</summary>
    public long Lease => Volatile.Read(ref state);

    /// <summary>An exchange before this one went well, so the instance may be closing it just now.</summary>
    public bool IsReused => Lease > 1;

    /// <summary>Nothing has come since this exchange began.</summary>
    public bool IsSilent { get; private set; } = true;

    /// <summary>The instance let a time limit pass.</summary>
    public bool IsTooSlow { get; private set; }

    /// <summary>It would take no more of the request: its end is no answer's end then.</summary>
    public bool HasBroken { get; private set; }

    /// <summary>The halt for which it was cut off; null where it was not.</summary>
    public string? Halt { get; private set; }

    /// <summary>All of the exchange took too long, while it was not the instance that was waited for.</summary>
    public bool IsOverdue { get; private set; }

    /// <summary>What has come and was not consumed.</summary>
    public ReadOnlySpan<byte> Received => buffer.AsSpan(start, end - start);

    /// <summary>Of that the first; good until more comes.</summary>
    public ReadOnlyMemory<byte> First(int bytes) => buffer.AsMemory(start, bytes);

    public void Consume(int bytes) => start += bytes;

    /// <summary>The exchange is to have ended by then, as <see cref="Environment.TickCount64"/>.</summary>
    public void EndBy(long time) => Volatile.Write(ref last, time);

    /// <summary>The instance is to move within so many milliseconds, else this ends.</summary>
    public void Expect(long milliseconds) => Volatile.Write(ref deadline, Environment.TickCount64 + milliseconds);

    /// <summary>Whether so many milliseconds have passed since <paramref name="limit"/> was set.</summary>
    public bool HasWaited(long milliseconds, long limit) =>
        Environment.TickCount64 - milliseconds >= Volatile.Read(ref deadline) - limit;

    /// <summary>It is not the instance that is waited for.</summary>
    public void Relax() => Volatile.Write(ref deadline, long.MaxValue);

    /// <summary>
    /// It is the client that is waited for, which is to take what there is of the answer. Where a halt or the time
    /// limit for all ends this meanwhile, the flush is cancelled: a client may take its time.
    /// </summary>
    /// <exception cref="IOException">It was so. Nothing more is to be written for the client then.</exception>
    [AsyncMethodBuilder(typeof(Reused<>))]
    public async ValueTask<FlushResult> TakenAsync(PipeWriter client, ValueTask<FlushResult> flushing)
    {
        Relax();
        lock (waiting)
        {
            awaited = client;
            if (IsEndedForAll)
                client.CancelPendingFlush();
        }
        bool isEnded;
        FlushResult flushed;
        try
        {
            flushed = await flushing;
        }
        finally
        {
            isEnded = !TryStopWait();
        }
        // The web server does not say of a flush that it was cancelled.
        return isEnded ? throw new IOException("it was ended while the client was waited for") : flushed;
    }

    /// <summary>The answer's head has come: from here on the answer says who is waited for.</summary>
    public void BeginAnswer() => isAnswering = true;

    /// <summary>The client is to send more of the request. After the answer's head both may wait.</summary>
    public void AwaitRequest()
    {
        var seen = Volatile.Read(ref deadline);
        // Where the head comes just now, what is expected from then on holds.
        if (!isAnswering)
            Interlocked.CompareExchange(ref deadline, long.MaxValue, seen);
    }

    /// <summary>A part of the request goes to the instance: it is to take it, and then to answer.</summary>
    public void TakeRequest(TimeLimits limits)
    {
        if (!isAnswering)
        {
            Expect(limits.Head);
            return;
        }
        // Where nothing is expected of it, it is the client who is to take what there is of the answer.
        if (Volatile.Read(ref deadline) is < long.MaxValue and var seen)
            Interlocked.CompareExchange(ref deadline, Environment.TickCount64 + limits.Idle, seen);
    }

    /// <summary>What <see cref="Out"/> has, and that is all of the request: it goes out with others.</summary>
    public void SendOut() => link.SendSoon(Out.Written);

    /// <summary>Sending to it has failed, which the kernel tells once: who reads may hear of a mere end.</summary>
    public void Break() => HasBroken = true;

    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes) => link.SendAsync(bytes);

    /// <summary>More of what the instance sends; one at a time may ask.</summary>
    /// <returns>False where the instance has closed it.</returns>
    public ValueTask<bool> FillAsync() => arrival.WaitAsync();

    /// <summary>For who waits.</summary>
    bool ITaker<bool>.TryTake(out bool hasMore)
    {
        Compact();
        var read = link.TryReceive(buffer.AsSpan(end));
        hasMore = read > 0;
        if (read < 0)
            return false;
        end += read;
        IsSilent &= read == 0;
        return true;
    }

    /// <summary>Keeps it for another exchange.</summary>
    public void Keep()
    {
        var lease = Lease;
        if (lease <= Ended || start != end || link.IsSending)
        {
            Dispose();
            return;
        }
        (start, end, IsSilent, isAnswering) = (0, 0, true, false);
        Head.Clear();
        Out.Clear();
        idleSince = Environment.TickCount64;
        EndBy(long.MaxValue);
        Relax();
        if (Interlocked.CompareExchange(ref state, -lease, lease) == lease)
            target.Idle.Put(this);
    }

    /// <summary>From here on its answers are heard of on the caller's loop, where the caller has one.</summary>
    /// <returns>False where it has ended, is about to, or has said something unasked.</returns>
    public bool TryLease()
    {
        var idle = Volatile.Read(ref state);
        if (idle >= Ended || Interlocked.CompareExchange(ref state, 1 - idle, idle) != idle)
            return false;
        if (link.IsAtRest() && (Loop.Current is not { } here || link.TryMoveTo(here)))
            return true;
        Dispose();
        return false;
    }

    /// <summary>Ends it if the exchange that it was leased to still has it.</summary>
    public void Cut(long lease)
    {
        if (lease > Ended && Interlocked.CompareExchange(ref state, Ended, lease) == lease)
            link.Dispose();
    }

    /// <summary>Ends it if an exchange has it, whichever.</summary>
    public void CutOff(string halt)
    {
        var seen = Volatile.Read(ref state);
        if (seen <= Ended || Interlocked.CompareExchange(ref state, Ended, seen) != seen)
            return;
        Halt = halt;
        link.Dispose();
        EndWait();
    }

    /// <summary>Ends it where the instance is late, or where it was idle for too long.</summary>
    /// <returns>Whether it has ended, by this or before.</returns>
    public bool Sweep(long now, long longestIdle)
    {
        var seen = Volatile.Read(ref state);
        // Read after the state: each exchange sets its deadline before it, or later.
        var next = Volatile.Read(ref deadline);
        var isOver = Volatile.Read(ref last) < now;
        var isLate = seen > Ended && (next < now || isOver);
        var isOld = seen < Ended && idleSince < now - longestIdle;
        if (isLate || isOld)
        {
            if (Interlocked.CompareExchange(ref state, Ended, seen) == seen)
            {
                IsTooSlow = isLate && next < long.MaxValue;
                IsOverdue = isLate && !IsTooSlow;
                link.Dispose();
                EndWait();
                target.Idle.Remove(this);
            }
        }
        return Volatile.Read(ref state) == Ended;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref state, Ended) != Ended)
            link.Dispose();
    }

    private bool IsEndedForAll => Halt is not null || IsOverdue;

    /// <summary>From here on the client's flushes may be another request's.</summary>
    /// <returns>False where this was ended meanwhile.</returns>
    private bool TryStopWait()
    {
        lock (waiting)
        {
            awaited = null;
            return !IsEndedForAll;
        }
    }

    private void EndWait()
    {
        lock (waiting)
        {
            if (IsEndedForAll)
                awaited?.CancelPendingFlush();
        }
    }

    private void Compact()
    {
        if (start == end)
        {
            (start, end) = (0, 0);
        }
        else if (start > 0 && end == buffer.Length)
        {
            Received.CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length)
            throw new UnclearAnswerException("it is too long");
    }
}
