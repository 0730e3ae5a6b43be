namespace Mintmark.Gateway;

/// <summary>The end of requests in flight by a halt, which may come.</summary>
sealed class Cutting
{
    private volatile string? reason;

    /// <summary>Null where no halt has come.</summary>
    public string? Reason => reason;

    /// <summary>Cancelled when it comes.</summary>
    public CancellationToken Token => Source.Token;

    private CancellationTokenSource Source { get; } = new();

    public void Begin(string why)
    {
        reason = why;
        Interlocked.MemoryBarrier();
        Source.Cancel();
    }
}
