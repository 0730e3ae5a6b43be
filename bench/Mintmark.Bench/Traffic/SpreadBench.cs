using System.Diagnostics;
using Mintmark.Cli;
using Mintmark.Cli.Demo;
using Mintmark.Server;

namespace Mintmark.Bench.Traffic;

/// <summary>
/// From a person's halt to its being in force at every gateway, and to the answer that says so: a real control plane
/// with its log, one to four gateways.
/// </summary>
internal static class SpreadBench
{
    /// <summary>Nobody halts what has only just been started.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>They compile what the others measure.</summary>
    private const int Warming = 4;
    private const int Halts = 25;
    private static readonly int[] Counts = [1, 2, 4];

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var figures = new List<Figure>();
        foreach (var count in Counts)
            figures.AddRange(await RunAsync(count));
        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> RunAsync(int gateways)
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        var program = Path.Combine(AppContext.BaseDirectory, "mint");
        var all = new List<(double Effect, double Answer)>();
        await using (var plane = new DemoPlane(folder, program, gateways))
        {
            await plane.StartAsync(CancellationToken.None);
            using var api = plane.Connect();
            await Task.Delay(Settling);
            for (var i = 0; i < Warming + Halts; i++)
            {
                var (asked, began) = (DateTimeOffset.UtcNow, Stopwatch.GetTimestamp());
                var path = i % 2 == 0 ? "/api/halt" : "/api/resume";
                var hold = new HoldRequest(null, "bench", "bench");
                var done = await api.PostAsync<HoldRequest, Done>(path, hold, CancellationToken.None);
                var took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                if (!done.InForce)
                    throw new CannotMeasureException("a halt was not confirmed");
                var seen = await SeenAsync(api, done.Revision);
                all.Add(((seen - asked).TotalMilliseconds, took));
            }
        }
        Directory.Delete(folder, recursive: true);
        var effects = all.Skip(Warming).Select(halt => halt.Effect).Order().ToList();
        var answers = all.Skip(Warming).Select(halt => halt.Answer).Order().ToList();
        var what = gateways == 1 ? "1 gateway" : $"{gateways} gateways";
        return
        [
            Figure.Reported($"halt to effect at {what}, the first since their start", all[0].Effect, "ms"),
            Figure.Reported($"halt to effect at {what}, median", CoreBench.Percentile(effects, 50), "ms"),
            Figure.AtMost($"halt to effect at {what}, slowest of {Halts}", effects[^1], "ms", 100),
            Figure.Reported($"halt to confirmation by {what}, median", CoreBench.Percentile(answers, 50), "ms"),
            Figure.AtMost($"halt to confirmation by {what}, slowest of {Halts}", answers[^1], "ms", 100),
        ];
    }

    /// <summary>
    /// When the last of the gateways began to go by it, as each says by the clock of this machine, in milliseconds.
    /// Whoever looked all the time would keep both processors busy.
    /// </summary>
    private static async Task<DateTimeOffset> SeenAsync(ApiClient api, long revision)
    {
        var status = await api.GetAsync<StatusAnswer>("/api/status", CancellationToken.None);
        var tables = status.Gateways!.Select(gateway => gateway.Table!).ToList();
        if (tables.Any(table => table.Revision != revision))
            throw new CannotMeasureException("a gateway goes by another table than the one that it confirmed");
        return tables.Max(table => table.Since!.Value);
    }
}
