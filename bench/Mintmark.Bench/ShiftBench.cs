using System.Diagnostics;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench;

/// <summary>From a new share to the first request that goes by it, through a gateway that serves meanwhile.</summary>
internal static class ShiftBench
{
    private const int Shifts = 200;
    private static readonly Mark Old = Mark.Parse("bank-1");
    private static readonly Mark Fresh = Mark.Parse("bank-2");

    private static readonly ByName<long> Limits = ByName<long>.Empty;
    private static readonly ByName<decimal> Rates = ByName<decimal>.Empty;

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var old = await Upstream.StartAsync();
        await using var fresh = await Upstream.StartAsync();
        await using var gateway = await GatewayProcess.StartAsync();
        var shifts = new List<double>();
        var revision = 0L;
        await gateway.PutAsync(Table(++revision, old.Port, fresh.Port, new Share(0)));
        for (var i = 0; i < Shifts; i++)
        {
            var share = new Share(i % 2 == 0 ? Share.Whole : 0);
            var expected = i % 2 == 0 ? Fresh : Old;
            var began = Stopwatch.GetTimestamp();
            var put = gateway.PutAsync(Table(++revision, old.Port, fresh.Port, share));
            while (await gateway.AskAsync() != $"{expected}")
                await Task.Yield();
            shifts.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            await put;
        }
        shifts.Sort();
        return
        [
            Figure.AtMost("share shift to effect at the gateway, median", CoreBench.Percentile(shifts, 50), "ms", 5),
            Figure.Reported("share shift to effect at the gateway, p99", CoreBench.Percentile(shifts, 99), "ms"),
        ];
    }

    private static RouteTable Table(long revision, int old, int fresh, Share share)
    {
        var rollout = new RolloutPlan([new StepPlan(share, 1)], 0.0001m, 2, 1);
        var candidate = new Arm(Fresh, [new Target(new InstanceId(2), fresh)]);
        var comparison = new Comparison(
            new ReleaseId(1),
            (int)revision,
            share,
            candidate,
            Limits,
            Rates,
            [],
            rollout,
            []
        );
        var baseline = new Arm(Old, [new Target(new InstanceId(1), old)]);
        return new RouteTable(revision, null, [new ServiceRoute(new ServiceName("bank"), null, baseline, comparison)]);
    }
}
