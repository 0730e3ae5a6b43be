using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Server;

/// <summary>Says for a while which services' limits have kept requests out, at all gateways together.</summary>
internal sealed class Refusals(Troubles troubles)
{
    private static readonly TimeSpan Shown = TimeSpan.FromSeconds(30);

    private readonly Lock hearing = new();
    private readonly Dictionary<ServiceName, Known> known = [];

    /// <param name="run">Of the gateway that says so.</param>
    /// <param name="refused">Since that gateway's start.</param>
    public void Hear(string run, IReadOnlyList<RefusedReport> refused, DateTimeOffset now)
    {
        lock (hearing)
        {
            foreach (var report in refused)
            {
                var of = known.GetValueOrDefault(report.Service) ?? (known[report.Service] = new Known());
                if (of.ByRun.GetValueOrDefault(run) == report)
                    continue;
                (of.ByRun[run], of.At) = (report, now);
                troubles.Report(Part(report.Service), Words([.. of.ByRun.Values]));
            }
            foreach (var (service, _) in known.Where(k => now - k.Value.At > Shown))
                troubles.Clear(Part(service));
        }
    }

    private static string Part(ServiceName service) => $"{service} surge";

    private static string Words(IReadOnlyList<RefusedReport> reports) =>
        $"requests refused since the gateway's start: {reports.Sum(r => r.OfClient)} beyond a client's rate, "
        + $"{reports.Sum(r => r.OfService)} beyond the service's, "
        + $"{reports.Sum(r => r.Busy)} as its instances were busy";

    private sealed class Known
    {
        public Dictionary<string, RefusedReport> ByRun { get; } = [];

        public DateTimeOffset At { get; set; }
    }
}
