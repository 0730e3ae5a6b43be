namespace Bank;

/// <summary>
/// Carries the write-ahead log over into the ledger's file, beside the requests instead of inside one of them: a
/// commit that had to do it would be the slowest of its hundred.
/// </summary>
sealed class Upkeep(string path, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Writers wait at most this long for the log to be started over; if it takes longer, next time.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    const int PagesWorthStartingOver = 4_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var session = new Session(path, Patience);
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var pages = session.One("PRAGMA wal_checkpoint(PASSIVE)", row => row.GetInt64(1));
            if (pages > PagesWorthStartingOver)
                session.One("PRAGMA wal_checkpoint(RESTART)", row => row.GetInt64(1));
        }
    }
}
