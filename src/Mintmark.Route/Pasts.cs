using Mintmark.Releases;

namespace Mintmark.Route;

/// <summary>What gateways know of the recent past of a version, as far as it tells anything. Pure.</summary>
public static class Pasts
{
    /// <summary>Fewer tell neither a rate nor a median.</summary>
    public const long Fewest = 300;

    /// <summary>As many requests beyond a quantile tell it; fewer may be chance.</summary>
    private const long FewestBeyond = 3;

    /// <returns>
    /// Latencies in µs by indicator of slowness: of several gateways', the slowest, as each serves clients of its own.
    /// </returns>
    public static ByName<long> Quantiles(IEnumerable<GatewayReport> reports, Mark mark) =>
        reports
            .SelectMany(r => r.Latencies)
            .Where(l => l.Mark == mark && l.Requests >= Fewest)
            .Select(l => ByName.Of<long>([.. Indicators.Slow.Where(s => Tells(s, l)).Select(s => Pair(s, l))]))
            .Aggregate(ByName<long>.Empty, ByName.Greatest);

    /// <returns>
    /// Rates by indicator (errors and signals) over all gateways: never 0, since what has not been seen in n requests
    /// may still happen once in about 2n; (bad + 1/2) / (requests + 1), Krichevsky and Trofimov's estimate.
    /// </returns>
    public static ByName<decimal> Rates(IReadOnlyCollection<GatewayReport> reports, Mark mark)
    {
        var past = reports.SelectMany(r => r.Past).Where(p => p.Mark == mark).ToList();
        var requests = past.Sum(p => p.Requests);
        if (requests < Fewest)
            return ByName<decimal>.Empty;
        var bad = past.Aggregate(ByName<long>.Empty, (sum, p) => sum + p.Bad);
        return ByName.Of<decimal>([.. bad.Select(b => (b.Key, Rate(b.Value, requests)))]);
    }

    /// <returns>
    /// One report for each version. Each gateway counts its own clients: who has called two of them is counted twice.
    /// </returns>
    public static IReadOnlyList<ClientsReport> Together(IEnumerable<IReadOnlyList<ClientsReport>> gateways) =>
        [
            .. gateways
                .SelectMany(reports => reports)
                .GroupBy(report => report.Mark)
                .OrderBy(of => of.Key)
                .Select(of => of.Aggregate(Together)),
        ];

    private static ClientsReport Together(ClientsReport a, ClientsReport b) =>
        new(
            a.Mark,
            a.Clients + b.Clients,
            a.IsLowerBound || b.IsLowerBound,
            a.Lately + b.Lately,
            a.Since < b.Since ? a.Since : b.Since,
            a.LastUse is null || b.LastUse > a.LastUse ? b.LastUse : a.LastUse,
            (a.Gateways ?? 1) + (b.Gateways ?? 1)
        );

    private static bool Tells(Slowness slowness, LatencyReport latency) =>
        latency.Requests * (1 - slowness.Quantile) >= FewestBeyond
        && latency.Microseconds.Find(slowness.Name) is not null;

    private static (string, long) Pair(Slowness slowness, LatencyReport latency) =>
        (slowness.Name, latency.Microseconds[slowness.Name]);

    private static decimal Rate(long bad, long requests) => decimal.Round((bad + 0.5m) / (requests + 1), 6);
}
