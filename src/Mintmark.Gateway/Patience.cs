namespace Mintmark.Gateway;

/// <summary>
/// The time limits of a request that YARP takes, as <c>Plain/</c> has them: at each moment it is the instance that is
/// waited for, and has so long, or the client, which has what is left for all of it.
/// </summary>
sealed class Patience : IDisposable
{
    private readonly Lock changing = new();
    private readonly Exchange exchange;
    private readonly Cutting cutting;
    private readonly CancellationTokenSource source;
    private bool hasHead;
    private long since;
    private bool isOver;

    public Patience(Exchange exchange)
    {
        this.exchange = exchange;
        cutting = exchange.Target.Cutting;
        source = CancellationTokenSource.CreateLinkedTokenSource(cutting.Token);
        Expect(exchange.Arm.Limits.Head);
    }

    /// <summary>Cancelled when a limit has passed, and when a halt cuts requests off.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>A limit has passed.</summary>
    public bool IsOut => source.IsCancellationRequested && Cut is null;

    /// <summary>The halt that has ended it, in force or lifted since; null where none has.</summary>
    public string? Cut => cutting.Reason;

    /// <summary>Else it is for the client that is waited.</summary>
    public bool IsForInstance { get; private set; }

    /// <summary>Whether the instance has had what came for so many milliseconds, and does not answer yet.</summary>
    public bool HasWaited(long milliseconds)
    {
        lock (changing)
            return IsForInstance && !hasHead && Environment.TickCount64 - since >= milliseconds;
    }

    /// <summary>The client is to send more of the request. After the answer's head both may wait.</summary>
    public void AwaitRequest()
    {
        lock (changing)
        {
            if (hasHead)
                return;
            exchange.Place?.Away();
            Relax();
        }
    }

    /// <summary>A part of the request has come, or its end: the instance is to take it, and then to answer.</summary>
    public void TakeRequest(bool isEnd)
    {
        lock (changing)
        {
            if (isEnd && !hasHead)
                exchange.Place?.Back();
            if (!hasHead)
                Expect(exchange.Arm.Limits.Head);
            else if (IsForInstance)
                Expect(exchange.Arm.Limits.Idle);
        }
    }

    /// <param name="opens">A WebSocket, which no limit but that of YARP's is for.</param>
    public void TakeHead(bool opens)
    {
        lock (changing)
        {
            hasHead = true;
            Relax();
            if (!opens)
                return;
            isOver = true;
            source.CancelAfter(Timeout.InfiniteTimeSpan);
        }
    }

    public void AwaitAnswer()
    {
        lock (changing)
            Expect(exchange.Arm.Limits.Idle);
    }

    public void TakeAnswer(bool _)
    {
        lock (changing)
            Relax();
    }

    /// <summary>Nothing more is waited for: what still goes on ends.</summary>
    public void End() => source.Cancel();

    public void Dispose()
    {
        lock (changing)
        {
            isOver = true;
            source.Dispose();
        }
    }

    private void Expect(long milliseconds)
    {
        IsForInstance = true;
        since = Environment.TickCount64;
        Set(milliseconds);
    }

    private void Relax()
    {
        if (!IsForInstance)
            return;
        IsForInstance = false;
        Set(long.MaxValue);
    }

    private void Set(long milliseconds)
    {
        if (isOver || source.IsCancellationRequested)
            return;
        var within = Math.Min(milliseconds, exchange.Until - Environment.TickCount64);
        // One more, so that it has passed by the clock that tells which limit it was.
        source.CancelAfter(within > int.MaxValue ? Timeout.Infinite : (int)Math.Max(within, 0) + 1);
    }
}
