using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenProbesAreSent
{
    private static readonly Probe Demo = new("/accounts/demo?full=1", 200);

    [Fact]
    public async Task EachVersionGetsItsShareByLotAndIsToldThatItIsProbed()
    {
        var seen = new ConcurrentQueue<string>();
        await using var old = await Instance.StartAsync(context => Noting(context, seen));
        await using var fresh = await Instance.StartAsync(context => Noting(context, seen));
        await using var rig = await Rig.StartAsync();
        var route = Probed(Rig.Bank(old, fresh), Demo);
        await rig.PutAsync(route);
        await rig.ReportAsync(r => Sum(r) >= 30);

        var report = await StopAsync(rig, route);

        var step = Assert.Single(report.Steps);
        // Not so once in half a billion.
        Assert.InRange(step.Candidate.Requests, 1, Sum(report) - 1);
        foreach (var arm in new[] { step.Baseline, step.Candidate })
            Assert.Equal((arm.Requests, 0, 0), (arm.Probes, arm.ProbesFailed, arm.Errors));
        Assert.All(seen, s => Assert.Equal("GET /accounts/demo?full=1 bank.localhost probe=1", s));
        Assert.Empty(report.Past);
        Assert.Empty(report.Latencies);
    }

    [Fact]
    public async Task ProbesOfSeveralKindsTakeTurns()
    {
        var seen = new ConcurrentQueue<string>();
        await using var old = await Instance.StartAsync(context => Noting(context, seen));
        await using var rig = await Rig.StartAsync();
        var route = Probed(Rig.Bank(old, old), Demo, new Probe("/rates", 200));
        await rig.PutAsync(route);
        await rig.ReportAsync(r => Sum(r) >= 8);

        await StopAsync(rig, route);

        var sent = seen.ToArray();
        var rates = sent.Count(s => s.Contains("/rates", StringComparison.Ordinal));
        Assert.InRange(rates * 2, sent.Length - 1, sent.Length + 1);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(500)]
    public async Task AnAnswerThatIsNotAsDeclaredIsAnErrorAndTakesTheCandidateBack(int status)
    {
        await using var old = await Instance.SayingAsync("old");
        await using var bad = await Instance.SayingAsync("new", status);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Probed(Rig.Bank(old, bad), Demo));

        await rig.ReportAsync(r => r.Steps[0].Tripped);

        var step = Assert.Single((await AtRestAsync(rig)).Steps);
        Assert.Equal(step.Candidate.Probes, step.Candidate.ProbesFailed);
        Assert.Equal(step.Candidate.Probes, step.Candidate.Bad["errors"]);
        Assert.Equal(0, step.Baseline.ProbesFailed);
        // None is sent any more.
        var (before, _) = (Sum(await rig.ReportAsync()), await rig.AskAsync());
        Assert.InRange(Sum(await rig.ReportAsync()) - before, 0, 16);
    }

    [Fact]
    public async Task AStatusThatIsDeclaredIsNoErrorWhateverItIs()
    {
        await using var shut = await Instance.SayingAsync("closed", status: 503);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Probed(Rig.Bank(shut, shut), new Probe("/closed", 503)));

        var step = Assert.Single((await rig.ReportAsync(r => Sum(r) >= 5)).Steps);

        Assert.Equal(0, step.Baseline.Errors + step.Candidate.Errors);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok" + Scripted.Close)]
    [InlineData(Scripted.Close)]
    public async Task AnAnswerThatNoClientWouldGetWholeIsAnError(string answer)
    {
        await using var old = await Instance.SayingAsync("old");
        await using var odd = Scripted.Saying(answer);
        await using var rig = await Rig.StartAsync();
        var route = Probed(Rig.Bank(old, old), Demo);
        var candidate = route.Comparison!.Candidate with { Targets = [new Target(new InstanceId(2), odd.Port)] };
        route = route with { Comparison = route.Comparison with { Candidate = candidate } };
        await rig.PutAsync(route);
        await rig.ReportAsync(r => r.Steps[0].Candidate.Probes >= 2);

        var step = Assert.Single((await StopAsync(rig, route)).Steps);

        Assert.Equal(step.Candidate.Probes, step.Candidate.ProbesFailed);
        Assert.Equal(0, step.Baseline.ProbesFailed);
    }

    [Fact]
    public async Task ClientsCannotPretendToBeProbes()
    {
        var seen = new ConcurrentQueue<string>();
        await using var old = await Instance.StartAsync(context => Noting(context, seen));
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, old));
        rig.Client.DefaultRequestHeaders.Add("Mint-Probe", "1");

        await rig.AskAsync("client-1", "accounts/demo");

        Assert.EndsWith("probe=", Assert.Single(seen), StringComparison.Ordinal);
        var step = Assert.Single((await rig.ReportAsync()).Steps);
        Assert.Equal((1, 0), (step.Baseline.Requests + step.Candidate.Requests, Probes(step)));
    }

    [Fact]
    public async Task NobodysMoneyIsAtStakeAndNobodysHistoryIsMade()
    {
        await using var old = await Instance.StartAsync(context =>
        {
            context.Response.Headers["Mint-Value"] = "125.00 EUR";
            context.Response.Headers["Mint-Signal"] = "declined";
            return Task.CompletedTask;
        });
        await using var rig = await Rig.StartAsync();
        var route = Probed(Rig.Bank(old, old, signals: "declined"), Demo);
        await rig.PutAsync(route);
        await rig.ReportAsync(r => Sum(r) >= 5);

        var step = Assert.Single((await StopAsync(rig, route)).Steps);

        Assert.Empty(step.Baseline.Value);
        Assert.Empty(step.Candidate.Value);
        // What happened is judged as it is of clients.
        Assert.Equal(step.Candidate.Requests, step.Candidate.Bad["signal.declined"]);
    }

    [Fact]
    public async Task NoneAreSentWhileHaltedOrWhereAVersionIsMissing()
    {
        var seen = new ConcurrentQueue<string>();
        await using var old = await Instance.StartAsync(context => Noting(context, seen));
        await using var rig = await Rig.StartAsync();
        foreach (var route in new[] { Rig.Bank(old, old, halted: "drill"), Rig.Bank(old), Rig.Bank(null, old) })
        {
            await rig.PutAsync(Probed(route, Demo));
            Assert.Equal(0, Sum(await rig.ReportAsync(changedSince: long.MaxValue, waitMs: 200)));
        }
        await rig.PutAsync(Probed(Rig.Bank(old, old), Demo));

        await rig.ReportAsync(r => Sum(r) >= 1);

        Assert.NotEmpty(seen);
    }

    [Fact]
    public async Task AVersionThatHangsGetsFewAndHoldsUpNoEnd()
    {
        var hung = 0;
        await using var old = await Instance.StartAsync(async context =>
        {
            Interlocked.Increment(ref hung);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var rig = await Rig.StartAsync();
        await rig.PutAsync(Probed(Rig.Bank(old, old), Demo));
        await Run.Eventually.HoldsAsync(() => Volatile.Read(ref hung) >= 16, "many probes are in flight");

        var load = (await rig.ReportAsync()).Instances.Sum(i => i.InFlight);
        await rig.DisposeAsync().AsTask().WaitAsync(Rig.Late);

        Assert.InRange(load, 1, 16);
    }

    /// <summary>There is no way to an instance: whatever a probe meets there is the gateway's mistake.</summary>
    [Fact]
    public async Task AMistakeOfTheGatewaysEndsNoneOfTheOthersAndCountsForNoVersion()
    {
        await using var old = await Instance.SayingAsync("old");
        var (time, table) = (new CountedTime(), new RouteTable(1, null, [Probed(Rig.Bank(old, old), Demo)]));
        using var connections = new Mintmark.Gateway.Plain.Connections(Mintmark.Gateway.Plain.Connections.LongestIdle);
        var board = new Switchboard("gateway", new Changes(time), connections, time);
        board.Put(table);
        using var over = new CancellationTokenSource();

        var running = new Prober(board, new Ways(null!, null!), time).RunAsync(over.Token);
        // A probe's patience is a timer.
        await Run.Eventually.HoldsAsync(() => time.Timers >= 5, "it goes on");
        await over.CancelAsync();
        await running;

        Assert.Equal(0, Sum(board.Report(0)));
        Assert.All(board.Report(0).Instances, i => Assert.Equal(0, i.InFlight));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""[{"path":"accounts","expect":200}]""")]
    [InlineData("""[{"path":"/accounts","expect":99}]""")]
    public async Task ATableWithProbesThatCannotBeSentIsRefused(string probes)
    {
        await using var old = await Instance.SayingAsync("old");
        await using var rig = await Rig.StartAsync();
        var table = new RouteTable(1, null, [Probed(Rig.Bank(old, old), new Probe("/PROBES", 200))]);
        var json = System.Text.Encoding.UTF8.GetString(RouteWire.ToJson(table));
        var wrong = json.Replace("""[{"path":"/PROBES","expect":200}]""", probes, StringComparison.Ordinal);
        Assert.NotEqual(json, wrong);

        using var answer = await rig.PutAsync(System.Text.Encoding.UTF8.GetBytes(wrong));

        Assert.Equal(400, (int)answer.StatusCode);
    }

    private static ServiceRoute Probed(ServiceRoute route, params Probe[] probes) =>
        route with
        {
            Comparison = route.Comparison! with
            {
                Probed = true,
                Rollout = route.Comparison.Rollout with { Probes = probes },
            },
        };

    /// <summary>No more are sent.</summary>
    private static async Task<GatewayReport> StopAsync(Rig rig, ServiceRoute route)
    {
        await rig.PutAsync(route with { Comparison = route.Comparison! with { Probed = false } });
        return await AtRestAsync(rig);
    }

    /// <summary>None is under way: in a report from before, one may be counted in part.</summary>
    private static async Task<GatewayReport> AtRestAsync(Rig rig)
    {
        await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
        // What is in flight a report reads last.
        return await rig.ReportAsync();
    }

    private static long Sum(GatewayReport report) => report.Steps.Sum(Probes);

    private static long Probes(StepReport step) => step.Baseline.Probes + step.Candidate.Probes;

    private sealed class CountedTime : TimeProvider
    {
        private int timers;

        public int Timers => Volatile.Read(ref timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref timers);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    private static Task Noting(HttpContext context, ConcurrentQueue<string> seen)
    {
        var r = context.Request;
        seen.Enqueue($"{r.Method} {r.Path}{r.QueryString} {r.Host} probe={r.Headers["Mint-Probe"]}");
        return Task.CompletedTask;
    }
}
