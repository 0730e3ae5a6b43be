using Mintmark.Log;

namespace Mintmark.Server;

/// <summary>
/// The lead over a log that several control planes could write. One has it; the others stand by and ask again and
/// again, so that one of them has it a moment after the leader's session has ended.
/// </summary>
internal static class Lead
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <param name="standby">Told once, where another control plane leads.</param>
    /// <exception cref="LogStorageException">The database cannot be reached at the first asking.</exception>
    public static async Task<PostgresStorage> TakeAsync(
        PostgresAddress address,
        Action standby,
        TimeProvider clock,
        CancellationToken ct
    )
    {
        if (PostgresStorage.TryLead(address) is { } atOnce)
            return atOnce;
        standby();
        using var timer = new PeriodicTimer(Period, clock);
        while (true)
        {
            await timer.WaitForNextTickAsync(ct);
            if (TryAgain(address) is { } storage)
                return storage;
        }
    }

    /// <summary>A standby outlives a restart of the database: that is when it is needed.</summary>
    private static PostgresStorage? TryAgain(PostgresAddress address)
    {
        try
        {
            return PostgresStorage.TryLead(address);
        }
        catch (LogStorageException)
        {
            return null;
        }
    }
}
