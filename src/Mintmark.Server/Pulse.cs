namespace Mintmark.Server;

/// <summary>Wakes everybody who waits for the next change.</summary>
internal sealed class Pulse
{
    private volatile TaskCompletionSource next = New();

    /// <summary>Completes at the next <see cref="Set"/>; take it before looking at what may change.</summary>
    public Task Next => next.Task;

    public void Set() => Interlocked.Exchange(ref next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
