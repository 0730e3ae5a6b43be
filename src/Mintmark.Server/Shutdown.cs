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
        foreach (var instance in journal.State.Running())
            runtime.Signal(instance.Id, StopSignal.Terminate);
    }
}
