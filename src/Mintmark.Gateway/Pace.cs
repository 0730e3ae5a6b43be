using System.Diagnostics;

namespace Mintmark.Gateway;

/// <summary>
/// How often a step is judged on the spot, so that judging costs little of what counting does, whatever the rate of
/// requests and of what is bad about them: after the judge took a time t it rests for some times t. Nothing is lost by
/// that, since counts only grow: the next bad answer is judged with all that came in the rest, and the control plane
/// judges what no further answer comes after.
/// </summary>
sealed class Pace
{
    /// <summary>Errors and signals: at most a twentieth of one processor's time.</summary>
    private const int RestAfterBad = 20;

    /// <summary>Slow answers may be every second one, and a millisecond more of them is no harm.</summary>
    private const int RestAfterSlow = 400;

    /// <summary>What took longer was something else: code compiled for the first time, the garbage collector.</summary>
    private static readonly long Longest = Stopwatch.Frequency / 40_000;

    private long ended;
    private long took;

    /// <param name="begun">To be given to <see cref="End"/>.</param>
    public bool IsDue(bool slowOnly, out long begun)
    {
        begun = Stopwatch.GetTimestamp();
        var rest = Volatile.Read(ref took) * (slowOnly ? RestAfterSlow : RestAfterBad);
        return begun - Volatile.Read(ref ended) >= rest;
    }

    public void End(long begun)
    {
        var now = Stopwatch.GetTimestamp();
        Volatile.Write(ref took, Math.Min(now - begun, Longest));
        Volatile.Write(ref ended, now);
    }
}
