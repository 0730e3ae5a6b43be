using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>
/// How long a version that does not stay up must wait: a function of the state alone, so a restart forgets nothing.
/// </summary>
internal static class BackOff
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>
    /// When the version may have another instance: at once, then 250 ms after its last exit, 500 ms, 1 s and so on.
    /// </summary>
    public static DateTimeOffset NotBefore(State state, Mark mark, DateTimeOffset now)
    {
        var (exits, last) = (0, DateTimeOffset.MinValue);
        // Instances are counted without gaps; an instance that ran for longer than is remembered starts afresh.
        for (var number = state.Instances.Count; number > 0; number--)
        {
            var instance = state.Instances[new InstanceId(number)];
            if (instance.PlannedAt < now - Remembered)
                break;
            if (instance.Mark != mark || instance.Phase != InstancePhase.Exited || RunReasons.Wanted(instance))
                continue;
            exits++;
            // What lies ahead was before the clock was set back.
            last = instance.PhaseSince > last && instance.PhaseSince <= now ? instance.PhaseSince : last;
        }
        return exits == 0 ? last : last + Wait(exits);
    }

    public static TimeSpan Wait(int exits) =>
        TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << Math.Min(exits - 1, 20)));
}
