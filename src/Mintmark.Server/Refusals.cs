using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Server;

/// <summary>Says for a while which services' limits have kept requests out.</summary>
internal sealed class Refusals(Troubles troubles)
{
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ServiceName, (RefusedReport Last, DateTimeOffset At)> known = [];

    /// <param name="refused">Since the gateway's start.</param>
    public void Hear(IReadOnlyList<RefusedReport> refused, DateTimeOffset now)
    {
        foreach (var report in refused)
        {
            if (known.TryGetValue(report.Service, out var before) && before.Last == report)
                continue;
            known[report.Service] = (report, now);
            troubles.Report(Part(report.Service), Words(report));
        }
        foreach (var (service, (_, at)) in known)
        {
            if (now - at > Shown)
                troubles.Clear(Part(service));
        }
    }

    private static string Part(ServiceName service) => $"{service} surge";

    private static string Words(RefusedReport report) =>
        $"requests refused since the gateway's start: {report.OfClient} beyond a client's rate, "
        + $"{report.OfService} beyond the service's, {report.Busy} as its instances were busy";
}
