using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway.Surges;

/// <summary>What was kept out of a service: these requests came to no version, so they count for none.</summary>
sealed class Refused
{
    private long ofClient;
    private long ofService;
    private long busy;

    public void OfClient() => Interlocked.Increment(ref ofClient);

    public void OfService() => Interlocked.Increment(ref ofService);

    public void Busy() => Interlocked.Increment(ref busy);

    public RefusedReport? Report(ServiceName name)
    {
        var report = new RefusedReport(
            name,
            Volatile.Read(ref ofClient),
            Volatile.Read(ref ofService),
            Volatile.Read(ref busy)
        );
        return report is { OfClient: 0, OfService: 0, Busy: 0 } ? null : report;
    }
}
