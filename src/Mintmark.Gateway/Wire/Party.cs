namespace Mintmark.Gateway.Wire;

/// <summary>
/// Those of one origin who are in. Each of its connections has it, so that a request is counted without a lock and
/// without looking for it.
/// </summary>
/// <param name="most">Requests that may be under way at once.</param>
sealed class Party(Origin origin, int most)
{
    private int requests;

    public Origin Origin => origin;

    /// <summary>The crowd's, under its lock.</summary>
    public int Connections { get; set; }

    /// <returns>Whether one more request may come; if so it is to <see cref="Leave"/> once.</returns>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref requests) <= most)
            return true;
        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref requests);
}
