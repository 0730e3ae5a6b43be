namespace Mintmark.Gateway;

/// <summary>The end of requests in flight by a halt, which may come.</summary>
sealed class Cutting
{
    private volatile string? reason;

    /// <summary>Null where no halt has come.</summary>
    public string? Reason => reason;

    /// <summary>Cancelled when it comes, once everybody who looks can see why.</summary>
    public CancellationToken Token => Source.Token;

    private CancellationTokenSource Source { get; } = new();

    public void Begin(string why)
    {
        reason = why;
        Interlocked.MemoryBarrier();
    }

    /// <summary>Who waits goes on at once, on this thread.</summary>
    public void CutOff() => Source.Cancel();
}
