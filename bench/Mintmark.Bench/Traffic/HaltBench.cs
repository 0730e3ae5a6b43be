using System.Diagnostics;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Traffic;

/// <summary>
/// From a halt's being sent to the last request that an instance gets, while 1,000 requests a second come, open loop.
/// </summary>
internal static class HaltBench
{
    private const int Halts = 20;
    private const int PerMillisecond = 1;
    private static readonly TimeSpan Before = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan After = TimeSpan.FromMilliseconds(150);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var last = 0L;
        await using var bank = await Upstream.StartAsync(asked: () =>
            Volatile.Write(ref last, Stopwatch.GetTimestamp())
        );
        await using var gateway = await GatewayProcess.StartAsync();
        var (revision, forwarded) = (0L, new List<double>());
        for (var i = 0; i <= Halts; i++)
        {
            await gateway.PutAsync(Table(++revision, bank.Port, halted: null));
            using var over = new CancellationTokenSource();
            var load = LoadAsync(gateway, over.Token);
            await Task.Delay(Before);
            var began = Stopwatch.GetTimestamp();
            await gateway.PutAsync(Table(++revision, bank.Port, "bench"));
            await Task.Delay(After);
            await over.CancelAsync();
            await load;
            // The first one compiles what the others measure.
            if (i > 0)
                forwarded.Add(Math.Max(0, Stopwatch.GetElapsedTime(began, Volatile.Read(ref last)).TotalMilliseconds));
        }
        forwarded.Sort();
        return
        [
            Figure.Reported("halt to last forwarded request, median", CoreBench.Percentile(forwarded, 50), "ms"),
            Figure.AtMost($"halt to last forwarded request, slowest of {Halts}", forwarded[^1], "ms", 50),
        ];
    }

    /// <summary>Comes back when all are answered.</summary>
    private static async Task LoadAsync(GatewayProcess gateway, CancellationToken ct)
    {
        var began = Stopwatch.GetTimestamp();
        var asked = new List<Task<int>>();
        while (!ct.IsCancellationRequested)
        {
            var due = Stopwatch.GetElapsedTime(began).TotalMilliseconds * PerMillisecond;
            while (asked.Count < due)
                asked.Add(gateway.StatusAsync("bench"));
            await Task.Delay(1, CancellationToken.None);
        }
        await Task.WhenAll(asked);
    }

    private static RouteTable Table(long revision, int port, string? halted)
    {
        var arm = new Arm(Mark.Parse("bank-1"), [new Target(new InstanceId(1), port)], OnHalt: InFlight.Cut);
        return new RouteTable(revision, null, [new ServiceRoute(new ServiceName("bank"), halted, arm, null)]);
    }
}
