using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Mintmark.Journal;

namespace Mintmark.Server;

/// <summary>
/// Drives one reconciler: a round on each change of the state and at least one each period. A round that fails is
/// reported and tried again a period later; this is one of the two places where every failure is caught.
/// </summary>
internal sealed class ReconcileLoop(
    IReconciler reconciler,
    ReleaseJournal journal,
    TimeProvider clock,
    Troubles troubles,
    ILogger<ReconcileLoop> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested && !journal.Broken.IsCompleted)
        {
            var seen = journal.State.Size;
            var failed = !await RoundAsync(stoppingToken);
            await PauseAsync(failed ? long.MaxValue : seen, stoppingToken);
        }
    }

    private async Task<bool> RoundAsync(CancellationToken ct)
    {
        try
        {
            await reconciler.ReconcileAsync(ct);
            troubles.Clear(reconciler.Name);
            return true;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception failure)
        {
            if (troubles.Report(reconciler.Name, failure.Message))
            {
                logger.LogError(failure, "{Reconciler}: {Failure}", reconciler.Name, failure.Message);
            }
            return false;
        }
    }

    /// <summary>Until the state has changed or the period has passed, whichever comes first.</summary>
    private async Task PauseAsync(long seen, CancellationToken ct)
    {
        using var pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var period = Task.Delay(reconciler.Period, clock, pause.Token);
        var change = journal.ChangedAsync(seen, pause.Token);
        await Task.WhenAny(period, change);
        await pause.CancelAsync();
        await Task.WhenAll(period, change).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
