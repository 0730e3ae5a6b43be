using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Bench.Traffic;

/// <summary>
/// The gateway beside nginx and HAProxy, which do the same split by a cookie before the same versions, on one machine
/// with its load: interleaved, medians of the rounds. Ours counts and judges meanwhile.
/// </summary>
internal static class GatewayBench
{
    private const int Clients = 300;
    private const int Idle = 10_000;
    private const int AllocationRounds = 6;
    private const double Seconds = 2;
    private const int WarmRequests = 60_000;
    private const int MostWarmRounds = 8;

    private static readonly Case[] Cases =
    [
        new("1kb-8", "small", "1 KB, 8 connections", 8),
        new("1kb-64", "small", "1 KB, 64 connections", 64),
        new("post-8", "small", "POST, 8 connections", 8, IsPost: true),
        new("post-64", "small", "POST, 64 connections", 64, IsPost: true),
        new("256kb-8", "large", "256 KB, 8 connections", 8),
        new("256kb-64", "large", "256 KB, 64 connections", 64),
        new("tls-8", "small", "TLS, 1 KB, 8 connections", 8, IsSecure: true),
        new("tls-64", "small", "TLS, 1 KB, 64 connections", 64, IsSecure: true),
    ];

    /// <summary>Names of parts of it, as <c>--only</c> takes them.</summary>
    public static IReadOnlyList<string> Parts { get; } = [.. Cases.Select(c => c.Name), "memory", "table", "halt"];

    /// <param name="only">One of <see cref="Parts"/>, or the beginning of some; null for all.</param>
    public static async Task<IReadOnlyList<Figure>> RunAsync(string? only, int rounds)
    {
        bool Wants(string part) => only is null || part.StartsWith(only, StringComparison.Ordinal);
        var figures = new List<Figure>();
        if (Cases.Any(c => Wants(c.Name)) || Wants("memory"))
            figures.AddRange(await LoadAsync([.. Cases.Where(c => Wants(c.Name))], Wants("memory"), rounds));
        if (Wants("table"))
        {
            figures.AddRange(await ShiftBench.RunAsync());
            figures.AddRange(await SwapBench.RunAsync());
        }
        if (Wants("halt"))
            figures.AddRange(await HaltBench.RunAsync());
        if (only is null)
            figures.AddRange(await SpreadBench.RunAsync());
        return figures;
    }

    private static async Task<IReadOnlyList<Figure>> LoadAsync(Case[] cases, bool withMemory, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-bench-").FullName;
        await using var peers = await Peers.StartAsync(1 << 10, 256 << 10);
        var tls = Peers.FreePort();
        string[] secured = ["--tls", $"127.0.0.1:{tls}", "--certificate", peers.Certificate, "--key", peers.Key];
        await using var gateway = await GatewayProcess.StartAsync(secured);
        await gateway.PutAsync(Table(peers));
        await using var unlogged = await gateway.StartTwinAsync("--access-log", "off");
        await unlogged.PutAsync(Table(peers));
        var (ours, quiet) = (new Server("ours", gateway.Port, gateway.Pid), Quiet(unlogged));
        var load = await Load.WithAsync(folder, await gateway.CookiesAsync(Clients));
        List<Server> plain = [.. peers.Proxies, quiet, ours];
        List<Server> secure = [.. peers.SecureProxies, ours with { Port = tls, IsSecure = true }];

        var figures = new List<Figure>();
        await WarmAsync(load, quiet);
        await WarmAsync(load, ours);
        if (cases.Any(c => c.IsSecure))
            await WarmAsync(load, secure[^1]);
        foreach (var each in cases)
            figures.AddRange(await CompareAsync(load, each, each.IsSecure ? secure : plain, rounds));
        if (withMemory)
        {
            figures.AddRange(await AllocationAsync(load, gateway, ours));
            figures.AddRange(await IdleAsync(gateway, ours));
        }
        Directory.Delete(folder, recursive: true);
        return figures;
    }

    private static Server Quiet(GatewayProcess unlogged) => new("ours without a log", unlogged.Port, unlogged.Pid);

    /// <summary>
    /// What is compiled only in use, and again with what was learned of its use, is compiled: that takes time on a busy
    /// machine, so requests are counted.
    /// </summary>
    private static async Task WarmAsync(Load load, Server server)
    {
        var requests = 0.0;
        for (var round = 0; round < MostWarmRounds && requests < WarmRequests; round++)
            requests += Seconds * (await load.RunAsync(server, "small", 64, Seconds)).PerSecond;
    }

    private static async Task<IEnumerable<Figure>> CompareAsync(Load load, Case each, List<Server> servers, int rounds)
    {
        var runs = servers.ConvertAll(_ => new List<Measured>());
        foreach (var server in servers)
            await load.RunAsync(server, each.Path, each.Connections, seconds: 1, each.IsPost);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < servers.Count; i++)
                runs[i].Add(await load.RunAsync(servers[i], each.Path, each.Connections, Seconds, each.IsPost));
        }
        return Compare(each.What, servers, runs.ConvertAll(Middle));
    }

    private static async Task<IReadOnlyList<Figure>> IdleAsync(GatewayProcess gateway, Server ours)
    {
        var before = ours.ResidentMegabytes();
        var empty = (await gateway.HeldAsync()).HeapMegabytes;
        using var idle = await IdleConnections.OpenAsync(gateway.Port, Idle);
        var resident = ours.ResidentMegabytes();
        var needed = (await gateway.HeldAsync()).HeapMegabytes - empty;
        return
        [
            Figure.Reported("resident memory after the load", before, "MB"),
            Figure.Reported("resident memory, 10,000 idle connections", resident, "MB"),
            Figure.Reported("of it, what the 10,000 connections hold", needed, "MB"),
            Figure.AtMost("resident memory beyond what they hold", resident - needed, "MB", 120),
        ];
    }

    /// <summary>What a request makes for the collector; in an hour of load it must stay the same.</summary>
    private static async Task<IReadOnlyList<Figure>> AllocationAsync(Load load, GatewayProcess gateway, Server ours)
    {
        var each = new List<double>();
        for (var round = 0; round < AllocationRounds; round++)
        {
            var before = await gateway.AllocatedAsync();
            var run = await load.RunAsync(ours, "small", 64, Seconds);
            each.Add((await gateway.AllocatedAsync() - before) / run.Requests);
        }
        var (first, last) = (CoreBench.Median(each[..(each.Count / 2)]), CoreBench.Median(each[(each.Count / 2)..]));
        return
        [
            Figure.AtMost("allocated for each request: 1 KB, 64 connections", last, "B", 1_024),
            Figure.AtMost("of it, growth from the first half of the rounds to the second", last / first, "×", 1.1),
        ];
    }

    private static Measured Middle(List<Measured> runs) =>
        new(
            CoreBench.Median(runs.Select(r => r.PerSecond)),
            CoreBench.Median(runs.Select(r => r.Processor)),
            CoreBench.Median(runs.Select(r => r.P99)),
            runs.Sum(r => r.Requests)
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
        if (servers[^2].Name != "HAProxy")
            yield return Figure.Reported(
                $"processor for the access log: {what}",
                ours.Processor - unlogged.Processor,
                "µs"
            );
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

    /// <param name="Name">As it is asked for alone.</param>
    /// <param name="IsPost">A small payment, with an answer as of all others.</param>
    private sealed record Case(
        string Name,
        string Path,
        string What,
        int Connections,
        bool IsSecure = false,
        bool IsPost = false
    );
}
