using System.Threading.Tasks.Sources;

namespace Mintmark.Gateway.Wire;

/// <summary>
/// Whether there is something to read, or room to write; one at a time may wait for it. The kernel tells of each change
/// once, so what it told is kept until somebody goes by it.
/// </summary>
sealed class Readiness : IValueTaskSource
{
    private const int No = 0;
    private const int Yes = 1;
    private const int Awaited = 2;

    private ManualResetValueTaskSourceCore<bool> core;
    private int state;

    public bool IsThere => Volatile.Read(ref state) == Yes;

    /// <summary>Who waits goes on at once, on this thread.</summary>
    public void Signal()
    {
        if (Interlocked.Exchange(ref state, Yes) == Awaited)
            core.SetResult(true);
    }

    /// <summary>
    /// Before the kernel is asked (a full fence): so that what it tells of later is not taken for what was told before.
    /// </summary>
    public void Clear() => Interlocked.Exchange(ref state, No);

    /// <summary>Completes at the next signal, at once where there was one since the last clearing.</summary>
    public ValueTask WaitAsync()
    {
        core.Reset();
        return Interlocked.CompareExchange(ref state, Awaited, No) == No ? new ValueTask(this, core.Version) : default;
    }

    /// <summary>As <see cref="WaitAsync"/>, for who is called.</summary>
    /// <returns>Whether there was a signal: then nobody is called.</returns>
    public bool IsThereOr(Action<object?> goOn, object? who)
    {
        core.Reset();
        if (Interlocked.CompareExchange(ref state, Awaited, No) != No)
            return true;
        core.OnCompleted(goOn, who, core.Version, ValueTaskSourceOnCompletedFlags.None);
        return false;
    }

    void IValueTaskSource.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => core.OnCompleted(continuation, state, token, flags);
}
