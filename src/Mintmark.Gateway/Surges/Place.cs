using Mintmark.Releases;

namespace Mintmark.Gateway.Surges;

/// <summary>
/// One of the requests that an instance has at once, from its admission to the answer's head. Who reads an answer
/// slowly, or sends a body slowly, holds none: else a few slow clients would keep all others out.
/// </summary>
sealed class Place(ConcurrencyLimit limit, TimeProvider time, long entered, Priority priority)
{
    private int left;

    /// <summary>The first call counts.</summary>
    /// <param name="answered">As the instance does when it is well, so that its time tells something.</param>
    public void Leave(bool answered)
    {
        if (Interlocked.Exchange(ref left, 1) == 0)
            limit.Leave(time.GetTimestamp(), entered, answered);
    }

    /// <returns>One at another instance, for which this is left; null where there is no room.</returns>
    public Place? MoveTo(ConcurrencyLimit other)
    {
        var now = time.GetTimestamp();
        if (!other.TryEnter(now, priority))
            return null;
        Leave(answered: false);
        return new Place(other, time, now, priority);
    }
}
