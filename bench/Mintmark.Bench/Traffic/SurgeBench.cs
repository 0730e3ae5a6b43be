using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Traffic;

/// <summary>
/// An instance with eight workers gets ten times what it can answer, through the gateway, open loop: clients do not
/// wait
/// for answers before they ask for more. Half as much is sent first, to see how it is unloaded, and just what it can
/// do.
/// </summary>
internal static class SurgeBench
{
    private const int Workers = 8;
    private const double Seconds = 5;
    private static readonly TimeSpan Work = TimeSpan.FromMilliseconds(20);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var upstream = await Worker.StartAsync(Workers, Work);
        await using var gateway = await GatewayProcess.StartAsync();
        await gateway.PutAsync(Table(upstream.Port));
        var load = new OpenLoad(gateway.Port);
        var nominal = Workers / Work.TotalSeconds;

        await load.RunAsync(nominal / 2, seconds: 2);
        var calm = await load.RunAsync(nominal / 2, Seconds);
        // A little more than it can: who knows how much that is before it has been seen?
        await load.RunAsync(nominal * 1.5, seconds: 8);
        var peak = await load.RunAsync(nominal * 1.5, Seconds);
        await load.RunAsync(nominal * 10, seconds: 2);
        var surge = await load.RunAsync(nominal * 10, Seconds * 2);
        var after = await load.RunAsync(nominal / 2, Seconds);
        return
        [
            Figure.Reported("unloaded: asked for", nominal / 2, "1/s"),
            Figure.Reported("unloaded: p99", calm.P99, "ms"),
            Figure.Reported("peak: answered", peak.PerSecond, "1/s"),
            Figure.Reported("ten times: asked for", surge.Asked, "1/s"),
            Figure.Reported("ten times: answered", surge.PerSecond, "1/s"),
            Figure.Reported("ten times: refused", surge.Refused, "1/s"),
            Figure.Reported("ten times: p99 of those admitted", surge.P99, "ms"),
            Figure.Reported("ten times: p99 of refusals", surge.RefusedP99, "ms"),
            Figure.AtLeast("ten times: goodput", surge.PerSecond / peak.PerSecond, "× peak", 0.9),
            Figure.AtMost("ten times: p99 of those admitted", surge.P99 / calm.P99, "× unloaded", 2),
            Figure.AtMost("afterwards: refused", after.Refused, "1/s", 1),
            Figure.AtMost("failed otherwise", calm.Failed + peak.Failed + surge.Failed + after.Failed, "1/s", 0.001),
        ];
    }

    private static RouteTable Table(int port)
    {
        var arm = new Arm(Mark.Parse("bank-1"), [new Target(new InstanceId(1), port)]);
        var surge = new SurgePlan(Concurrency: Concurrency.Adaptive);
        return new RouteTable(1, null, [new ServiceRoute(new ServiceName("bank"), null, arm, null, surge)]);
    }
}
