using System.Diagnostics;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Watch;

namespace Mintmark.Bench.Judge;

/// <summary>
/// A real gateway before a version that answers and one that only fails, at 500 requests a second from as many clients.
/// </summary>
internal static class OnTheSpot
{
    private const int RequestsPerSecond = 500;
    private const int Releases = 10;
    private const double Alpha = 1e-4;
    private static readonly Share Share = new(500);
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        await using var old = await Upstream.StartAsync();
        await using var failing = await Upstream.StartAsync(status: 500);
        await using var gateway = await GatewayProcess.StartAsync();
        var times = new List<double>();
        var bads = new List<double>();
        for (var release = 1; release <= Releases; release++)
        {
            await gateway.PutAsync(Table(release, old.Port, failing.Port));
            var (milliseconds, bad) = await BackAsync(gateway, release);
            times.Add(milliseconds);
            bads.Add(bad);
        }
        var floor = Prospect.Limit(Share.Fraction, Alpha, 0.001, 1);
        return
        [
            Figure.Reported("real gateway, 500/s: limit of any test", floor, "requests"),
            Figure.AtMost("real gateway: bad answers until back, worst of 10", bads.Max(), "requests", floor + 10),
            Figure.Reported("real gateway: bad answers until back, mean", bads.Average(), "requests"),
            Figure.Reported("real gateway: the same at 25 candidate requests/s", 1_000 * bads.Average() / 25, "ms"),
            Figure.AtMost("real gateway: first bad to last bad answer, mean", times.Average(), "ms", 250),
            Figure.Reported("real gateway: first bad to last bad answer, worst", times.Max(), "ms"),
        ];
    }

    /// <returns>From the first bad answer to the last, and how many there were.</returns>
    private static async Task<(double Milliseconds, int Bad)> BackAsync(GatewayProcess gateway, int release)
    {
        var sent = new List<Task<double?>>();
        var began = Stopwatch.GetTimestamp();
        double? lastBad = null;
        for (var i = 0; ; i++)
        {
            var due = TimeSpan.FromSeconds(i / (double)RequestsPerSecond);
            var now = Stopwatch.GetElapsedTime(began);
            if (due > now)
                await Task.Delay(due - now);
            sent.Add(AskAsync(gateway, $"client-{release}-{i}", began));
            foreach (var answer in sent.Where(s => s.IsCompletedSuccessfully && s.Result is not null))
                lastBad = Math.Max(lastBad ?? 0, answer.Result!.Value);
            if (now > Patience || (lastBad is { } last && now.TotalMilliseconds - last > Calm.TotalMilliseconds))
                break;
        }
        var bad = (await Task.WhenAll(sent)).OfType<double>().ToList();
        return bad.Count == 0 ? (double.PositiveInfinity, int.MaxValue) : (bad.Max() - bad.Min(), bad.Count);
    }

    /// <returns>When it was answered, if badly.</returns>
    private static async Task<double?> AskAsync(GatewayProcess gateway, string client, long began)
    {
        var answered = await gateway.StatusAsync(client) < 500;
        return answered ? null : Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    private static RouteTable Table(int release, int old, int failing)
    {
        var rollout = new RolloutPlan([new StepPlan(Share, 100_000)], 0.0001m, 2, 1);
        var candidate = new Arm(Mark.Parse("bank-2"), [new Target(new InstanceId(2), failing)]);
        var past = ByName.Of<decimal>([(Indicators.Errors, 0.001m)]);
        var comparison = new Comparison(
            new ReleaseId(release),
            0,
            Share,
            candidate,
            ByName<long>.Empty,
            past,
            [],
            rollout,
            []
        );
        var baseline = new Arm(Mark.Parse("bank-1"), [new Target(new InstanceId(1), old)]);
        return new RouteTable(release, null, [new ServiceRoute(new ServiceName("bank"), null, baseline, comparison)]);
    }
}
