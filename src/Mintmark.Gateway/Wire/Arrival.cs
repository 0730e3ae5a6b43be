using System.Threading.Tasks.Sources;

namespace Mintmark.Gateway.Wire;

/// <summary>Who takes what a socket brings.</summary>
interface ITaker<T>
{
    /// <returns>False where there is nothing yet: it is asked again when there may be.</returns>
    bool TryTake(out T taken);
}

/// <summary>
/// Waits until its taker has got something; one at a time may wait. It is used again and again, so that waiting makes
/// no garbage, and who waits goes on at once, on the loop's thread.
/// </summary>
sealed class Arrival<T>(Readiness readiness, ITaker<T> taker) : IValueTaskSource<T>
{
    private static readonly Action<object?> Told = static arrival => ((Arrival<T>)arrival!).GoOn();

    private ManualResetValueTaskSourceCore<T> core;

    /// <summary>Completes with what is taken, or with what the taker throws.</summary>
    public ValueTask<T> WaitAsync()
    {
        core.Reset();
        if (readiness.IsThereOr(Told, this))
            GoOn();
        return new ValueTask<T>(this, core.Version);
    }

    T IValueTaskSource<T>.GetResult(short token) => core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<T>.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource<T>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => core.OnCompleted(continuation, state, token, flags);

    private void GoOn()
    {
        T taken;
        try
        {
            while (!taker.TryTake(out taken))
            {
                if (!readiness.IsThereOr(Told, this))
                    return;
            }
        }
        catch (Exception wrong)
        {
            core.SetException(wrong);
            return;
        }
        core.SetResult(taken);
    }
}
