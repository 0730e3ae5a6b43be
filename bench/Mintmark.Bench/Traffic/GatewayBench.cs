using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Traffic;

/// <summary>
/// The gateway beside nginx and HAProxy, which do the same split by a cookie before the same versions, on one machine
/// with its load: interleaved, medians of the rounds. Ours counts and judges meanwhile.
/// </summary>
internal static class GatewayBench
{
    private const int Rounds = 3;
    private const int Clients = 300;
    private const int Idle = 10_000;
    private const double Seconds = 2;
    private static readonly (string Path, string Answer)[] Answers = [("small", "1 KB"), ("large", "256 KB")];
    private static readonly int[] Connections = [8, 64];

    public static async Task<IReadOnlyList<Figure>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        await using var peers = await Peers.StartAsync(1 << 10, 256 << 10);
        await using var gateway = await GatewayProcess.StartAsync();
        await gateway.PutAsync(Table(peers));
        await using var unlogged = await gateway.StartTwinAsync("--access-log", "off");
        await unlogged.PutAsync(Table(peers));
        var ours = new Server("ours", gateway.Port, gateway.Pid);
        var load = await Load.WithAsync(folder, await gateway.CookiesAsync(Clients));
        List<Server> servers = [.. peers.Proxies, new("ours without a log", unlogged.Port, unlogged.Pid), ours];

        var figures = new List<Figure>();
        // What is compiled only in use is compiled, and everybody's pools are full.
        foreach (var server in servers[^2..])
            await load.RunAsync(server, "small", 64, seconds: 3);
        foreach (var (path, answer) in Answers)
        {
            foreach (var connections in Connections)
            {
                var runs = servers.ConvertAll(_ => new List<Measured>());
                foreach (var server in servers)
                    await load.RunAsync(server, path, connections, seconds: 1);
                for (var round = 0; round < Rounds; round++)
                {
                    for (var i = 0; i < servers.Count; i++)
                        runs[i].Add(await load.RunAsync(servers[i], path, connections, Seconds));
                }
                figures.AddRange(Compare($"{answer}, {connections} connections", servers, runs.ConvertAll(Middle)));
            }
        }
        var before = ours.ResidentMegabytes();
        using (await IdleConnections.OpenAsync(gateway.Port, Idle))
        {
            figures.Add(Figure.Reported("resident memory after the load", before, "MB"));
            figures.Add(Figure.AtMost("resident memory, 10,000 idle connections", ours.ResidentMegabytes(), "MB", 120));
        }
        Directory.Delete(folder, recursive: true);
        figures.AddRange(await HaltBench.RunAsync());
        return figures;
    }

    private static Measured Middle(List<Measured> runs) =>
        new(
            CoreBench.Median(runs.Select(r => r.PerSecond)),
            CoreBench.Median(runs.Select(r => r.Processor)),
            CoreBench.Median(runs.Select(r => r.P99))
        );

    private static IEnumerable<Figure> Compare(string what, List<Server> servers, List<Measured> runs)
    {
        for (var i = 0; i < servers.Count; i++)
        {
            yield return Figure.Reported($"{servers[i].Name}: {what}", runs[i].PerSecond, "1/s");
            yield return Figure.Reported($"{servers[i].Name}: processor for each, {what}", runs[i].Processor, "µs");
            yield return Figure.Reported($"{servers[i].Name}: p99, {what}", runs[i].P99, "ms");
        }
        var (nginx, unlogged, ours) = (runs[0], runs[^2], runs[^1]);
        var log = ours.Processor - unlogged.Processor;
        yield return Figure.Reported($"processor for the access log: {what}", log, "µs");
        yield return Figure.AtLeast($"requests/s: {what}", ours.PerSecond / nginx.PerSecond, "× nginx", 1.0);
        yield return Figure.AtMost($"processor: {what}", ours.Processor / nginx.Processor, "× nginx", 1.3);
        yield return Figure.AtMost($"p99: {what}", ours.P99 / nginx.P99, "× nginx", 1.2);
    }

    private static RouteTable Table(Peers peers)
    {
        var share = new Share(1_000);
        var comparison = new Comparison(
            new ReleaseId(1),
            0,
            share,
            new Arm(Mark.Parse("bank-2"), [new Target(new InstanceId(2), peers.FreshPort)]),
            ByName.Of<long>(("slow-p99", 1_000_000)),
            ByName.Of<decimal>(("errors", 0.001m)),
            [],
            new RolloutPlan([new StepPlan(share, 1_000)], 0.0001m, 2, 600),
            []
        );
        var baseline = new Arm(Mark.Parse("bank-1"), [new Target(new InstanceId(1), peers.OldPort)]);
        return new RouteTable(1, null, [new ServiceRoute(new ServiceName("bank"), null, baseline, comparison)]);
    }
}
