namespace Mintmark.Gateway;

/// <summary>
/// Lets listeners wait until there is something new to report, without a cost to those who make it new.
/// </summary>
sealed class Changes(TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private int isNew = 1;
    private long sequence;
    private long lastAnswer = time.GetTimestamp();
    private volatile bool isUrgent;
    private TaskCompletionSource change = Fresh();
    private TaskCompletionSource alarm = Fresh();

    /// <summary>All that there was to report has been asked for.</summary>
    public bool IsTold => Volatile.Read(ref isNew) == 0;

    /// <summary>
    /// Something may be reported anew. After the first time, and until that is read, this only reads.
    /// </summary>
    public void Note()
    {
        if (Volatile.Read(ref isNew) == 0 && Interlocked.Exchange(ref isNew, 1) == 0)
            Wake(ref change);
    }

    /// <summary>As <see cref="Note"/>, and not to wait for the pace of reports.</summary>
    public void Alarm()
    {
        isUrgent = true;
        Volatile.Write(ref isNew, 1);
        Wake(ref alarm);
        Wake(ref change);
    }

    /// <summary>
    /// The number of the latest change: at once if it is not <paramref name="known"/>, else when there is a later one
    /// or the wait is over. What is read after this returns holds all that the number stands for.
    /// </summary>
    public async Task<long> NextAsync(long known, TimeSpan wait, CancellationToken ct)
    {
        var deadline = time.GetTimestamp() + (long)(wait.TotalSeconds * time.TimestampFrequency);
        while (true)
        {
            // Taken before looking, so that a change in between wakes us.
            var woken = Volatile.Read(ref change).Task;
            var alarmed = Volatile.Read(ref alarm).Task;
            var left = time.GetElapsedTime(time.GetTimestamp(), deadline);
            if (Latest() != known)
            {
                var early = Pace - time.GetElapsedTime(Volatile.Read(ref lastAnswer));
                if (!isUrgent)
                    await WaitAsync(alarmed, early < left ? early : left, ct);
                isUrgent = false;
                Volatile.Write(ref lastAnswer, time.GetTimestamp());
                return Latest();
            }
            if (left <= TimeSpan.Zero)
                return known;
            await WaitAsync(woken, left, ct);
        }
    }

    private long Latest() =>
        Interlocked.Exchange(ref isNew, 0) == 1 ? Interlocked.Increment(ref sequence) : Volatile.Read(ref sequence);

    private async Task WaitAsync(Task signal, TimeSpan atMost, CancellationToken ct)
    {
        if (atMost <= TimeSpan.Zero)
            return;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(signal, Task.Delay(atMost, time, over.Token));
        await over.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }

    private static void Wake(ref TaskCompletionSource source) =>
        Interlocked.Exchange(ref source, Fresh()).TrySetResult();

    private static TaskCompletionSource Fresh() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
