namespace Mintmark.Gateway.Shadows;

/// <summary>So many bytes may be kept at once, by all together.</summary>
sealed class Room(long bytes)
{
    private long taken;

    /// <returns>False where there is less left, and then none is taken.</returns>
    public bool TryTake(int some)
    {
        if (Interlocked.Add(ref taken, some) <= bytes)
            return true;
        Return(some);
        return false;
    }

    public void Return(long some) => Interlocked.Add(ref taken, -some);
}
