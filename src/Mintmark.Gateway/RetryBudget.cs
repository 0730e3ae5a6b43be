namespace Mintmark.Gateway;

/// <summary>
/// How often a service's requests may be tried again: a fifth of its requests, saved for the last 500 of them at most.
/// So when instances fail, retries do not become the load that fells the others. A retry is for what no instance has
/// read, or what is safe to repeat; this only says how often.
/// </summary>
sealed class RetryBudget
{
    /// <summary>Requests that earn one retry.</summary>
    private const int Price = 5;

    private const int Most = 100 * Price;
    private const int AtFirst = 10 * Price;

    private int saved = AtFirst;
    private long spent;

    /// <summary>How often requests were tried again.</summary>
    public long Spent => Volatile.Read(ref spent);

    /// <summary>A request has come. Mostly the budget is full, and this only reads.</summary>
    public void Earn()
    {
        // Who passes the limit by a race earns a few more: that is no harm.
        if (Volatile.Read(ref saved) < Most)
            Interlocked.Increment(ref saved);
    }

    /// <returns>Whether it may be tried again.</returns>
    public bool TrySpend()
    {
        if (Interlocked.Add(ref saved, -Price) >= 0)
        {
            Interlocked.Increment(ref spent);
            return true;
        }
        Interlocked.Add(ref saved, Price);
        return false;
    }
}
