using Microsoft.Extensions.Hosting;
using Mintmark.Journal;
using Mintmark.Log;

namespace Mintmark.Server;

/// <summary>
/// Stops a control plane that leads no more, also while it has nothing to write: what it would do to instances and
/// gateway is for the new leader to do. Its appends are refused by the database in any case.
/// </summary>
internal sealed class LeadWatch(PostgresStorage storage, ReleaseJournal journal, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (storage.Leads())
                continue;
            journal.Break(new LogLeadLostException("another control plane leads now, or the database is away"));
            return;
        }
    }
}
