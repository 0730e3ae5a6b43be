using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Mintmark.Journal;
using Mintmark.Run;

namespace Mintmark.Server;

/// <summary>
/// Stops everything for good: gateways, instances, control plane. The log keeps its state, so the next start brings
/// the same versions up again.
/// </summary>
internal sealed class Shutdown(
    ReleaseJournal journal,
    IRuntime runtime,
    Gateways gateways,
    IHostApplicationLifetime lifetime
)
{
    /// <summary>A gateway itself gives up after 30 s.</summary>
    private static readonly TimeSpan DrainAtMost = TimeSpan.FromSeconds(35);

    private static readonly TimeSpan StopAtMost = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(20);

    private volatile bool wanted;

    /// <exception cref="NotAllowedException">A person asks.</exception>
    public void Begin(Caller caller)
    {
        caller.RequireHome("stopping everything");
        wanted = true;
        lifetime.StopApplication();
    }

    /// <summary>Called when the loops have ended, so that nobody starts again what is stopped here.</summary>
    public async Task FinishAsync()
    {
        if (!wanted)
            return;
        await gateways.DrainAsync(CancellationToken.None);
        // An instance may have requests for as long as a gateway has.
        await UntilAsync(() => gateways.HaveEnded, DrainAtMost);
        foreach (var instance in journal.State.Running())
            runtime.Signal(instance.Id, StopSignal.Terminate);
        await UntilAsync(() => runtime.Living().Count == 0, StopAtMost);
        foreach (var deaf in runtime.Living())
            runtime.Signal(deaf.Instance, StopSignal.Kill);
    }

    private static async Task UntilAsync(Func<bool> isSo, TimeSpan atMost)
    {
        for (var began = Stopwatch.GetTimestamp(); !isSo() && Stopwatch.GetElapsedTime(began) < atMost; )
            await Task.Delay(Glance);
    }
}
