using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Traffic;

/// <summary>Whether a request waits for a new table: 1,000 requests a second, with and without.</summary>
internal static class SwapBench
{
    private const int PerSecond = 1_000;
    private const double Seconds = 2;
    private const int Rounds = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var bank = await Upstream.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync();
        await gateway.PutAsync(Table(1, bank.Port));
        var load = new OpenLoad(gateway.Port);
        await load.RunAsync(PerSecond, Seconds);
        var (still, swapping, revision) = (new List<Opened>(), new List<Opened>(), 1L);
        for (var round = 0; round < Rounds; round++)
        {
            still.Add(await load.RunAsync(PerSecond, Seconds));
            var running = load.RunAsync(PerSecond, Seconds);
            while (!running.IsCompleted)
            {
                await gateway.PutAsync(Table(++revision, bank.Port));
                await Task.Delay(Pause);
            }
            swapping.Add(await running);
        }
        var (without, with) = (P99(still), P99(swapping));
        return
        [
            Figure.Reported("tables put while 1,000 requests/s come", revision - 1, ""),
            Figure.Reported("p99 without new tables", without, "ms"),
            Figure.Reported("p99 with new tables", with, "ms"),
            Figure.AtMost("what new tables add to the p99", with - without, "ms", 5),
            Figure.AtMost("requests that failed meanwhile", swapping.Sum(o => o.Failed + o.Refused), "1/s", 1),
        ];
    }

    private static double P99(List<Opened> runs) => CoreBench.Median(runs.Select(r => r.P99));

    private static RouteTable Table(long revision, int port)
    {
        var arm = new Arm(Mark.Parse("bank-1"), [new Target(new InstanceId(1), port)]);
        return new RouteTable(revision, null, [new ServiceRoute(new ServiceName("bank"), null, arm, null)]);
    }
}
