using Mintmark.Releases;

namespace Mintmark.Gateway.Surges;

/// <summary>
/// One of the requests that an instance has at once, from its admission to the answer's head. Who reads an answer
/// slowly, or sends a body slowly, holds none: else a few slow clients would keep all others out. So whoever sends a
/// body is away while more of it is waited for, and back once all of it has come.
/// </summary>
sealed class Place(ConcurrencyLimit limit, TimeProvider time, long entered, Priority priority)
{
    private const int In = 0;
    private const int Out = 1;
    private const int Gone = 2;

    /// <summary>
    /// The answer's head may come while the body ends. Whoever turns this from <see cref="In"/> counts it out, so that
    /// happens once; what is <see cref="Gone"/> stays so.
    /// </summary>
    private int state;

    /// <summary>From when on it is the instance alone that is waited for.</summary>
    private long since = entered;
    private bool tells = true;

    /// <summary>The client is waited for. Only who sends the body calls this, and <see cref="Back"/>.</summary>
    public void Away()
    {
        if (Interlocked.CompareExchange(ref state, Out, In) == In)
            limit.Leave(time.GetTimestamp(), since, answered: false);
    }

    /// <summary>All of the body has come: it counts again, room or not, if it was away.</summary>
    public void Back()
    {
        if (Volatile.Read(ref state) != Out)
            return;
        // Before the state: who leaves from then on counts it out, and goes by what is written here.
        since = time.GetTimestamp();
        tells = limit.Return(since);
        if (Interlocked.CompareExchange(ref state, In, Out) != Out)
            limit.Leave(since, since, answered: false);
    }

    /// <summary>For good: the first call counts.</summary>
    /// <param name="answered">As the instance does when it is well, so that its time tells something.</param>
    public void Leave(bool answered)
    {
        if (Interlocked.Exchange(ref state, Gone) == In)
            limit.Leave(time.GetTimestamp(), since, answered && tells);
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
