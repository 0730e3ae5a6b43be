namespace Mintmark.Simulation;

/// <summary>Virtual time: it passes only when it is told to. What the clock on the wall shows may jump.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    private TimeSpan wrongBy;

    /// <summary>Never goes back: what the world outside of the control plane goes by.</summary>
    public DateTimeOffset True { get; private set; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow() => True + wrongBy;

    public override long GetTimestamp() => True.Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by) => True += by;

    public void SetWrong(TimeSpan by) => wrongBy = by;
}
