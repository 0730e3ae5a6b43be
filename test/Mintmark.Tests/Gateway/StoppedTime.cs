namespace Mintmark.Tests.Gateway;

/// <summary>Time in which nothing falls due until it passes.</summary>
sealed class StoppedTime : TimeProvider
{
    readonly List<Action> due = [];
    long now;

    public override long GetTimestamp() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        due.Add(() => callback(state));
        return new Timer(_ => { });
    }

    public void Pass()
    {
        now += TimestampFrequency;
        due.ForEach(callback => callback());
    }
}
