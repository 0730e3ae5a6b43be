using System.Diagnostics;
using System.Net;
using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenACandidateIsCompared
{
    /// <summary>Who leaves after five seconds without an answer was let down, and that is an error.</summary>
    static readonly TimeSpan GivenUp = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task EachClientStaysWithItsArmAndBothAreCounted()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh));

        var first = await AskAllAsync(rig);
        var second = await AskAllAsync(rig);

        Assert.Equal(first, second);
        var candidates = first.Count(body => body == "new");
        Assert.InRange(candidates, 60, 140);
        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 400)).Steps);
        Assert.Equal(new ReleaseId(7), step.Release);
        Assert.Equal(2 * candidates, step.Candidate.Requests);
        Assert.Equal(
            0,
            step.Candidate.Errors + step.Baseline.Errors + step.Candidate.Bad.Count + step.Baseline.Bad.Count
        );
        Assert.False(step.Tripped);
    }

    [Fact]
    public async Task AssignmentsOutliveTheGateway()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh));
        var before = await AskAllAsync(rig);
        await rig.StopAsync();

        await using var again = await Rig.StartAsync(rig.Home);
        await again.PutAsync(Rig.Bank(old, fresh));

        Assert.Equal(before, await AskAllAsync(again));
    }

    [Fact]
    public async Task AClientWithoutANameGetsACookieAndStaysWithItsArm()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh));

        for (var i = 0; i < 20; i++)
        {
            using var first = await rig.Client.GetAsync("");
            var cookie = first.Headers.GetValues("Set-Cookie").Single();
            Assert.Matches("^mint-client=[0-9a-f]{64}; path=/; samesite=lax; httponly$", cookie);

            using var request = new HttpRequestMessage(HttpMethod.Get, "");
            request.Headers.Add("Cookie", $"theme=dark; {cookie.Split(';')[0]}");
            using var second = await rig.Client.SendAsync(request);
            Assert.False(second.Headers.Contains("Set-Cookie"));
            Assert.Equal(await first.Content.ReadAsStringAsync(), await second.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task WhoFailsBeforeAndAfterHeHasACookieCountsOnce()
    {
        await using var fresh = await Instance.StartAsync(context =>
        {
            context.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(null, fresh, share: 10_000));

        using var first = await rig.Client.GetAsync("");
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Add("Cookie", first.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        using var second = await rig.Client.SendAsync(request);
        var report = await rig.ReportAsync(r => r.Steps.Single().Candidate.Requests == 2);

        Assert.Equal(ArmTally.Of(2, 2, (Indicators.Errors, 1)), report.Steps.Single().Candidate);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("changed")]
    public async Task ACookieThatTheGatewayDidNotMakeIsNobodys(string cookie)
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh));
        using var first = await rig.Client.GetAsync("");
        var made = first.Headers.GetValues("Set-Cookie").Single().Split(';', '=')[1];

        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        var changed = (made[0] == '0' ? '1' : '0') + made[1..];
        request.Headers.Add("Cookie", $"mint-client={(cookie == "changed" ? changed : cookie)}");
        using var second = await rig.Client.SendAsync(request);

        Assert.Single(second.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task NoCookieIsGivenOutWhileNothingIsCompared()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(old));

        using var answer = await rig.Client.GetAsync("");

        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task ACandidateWithoutAHealthyInstanceLeavesItsShareToTheBaseline()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, candidate: null));

        var bodies = await AskAllAsync(rig);

        Assert.All(bodies, body => Assert.Equal("old", body));
        var report = await rig.ReportAsync(r => r.Latencies.Sum(l => l.Requests) == 200);
        var step = Assert.Single(report.Steps);
        Assert.Equal((ArmTally.None, ArmTally.None), (step.Baseline, step.Candidate));
    }

    [Fact]
    public async Task ABaselineWithoutAHealthyInstanceIsNotInheritedByTheCandidate()
    {
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(baseline: null, fresh));

        var answers = new List<(HttpStatusCode Status, string Body, string? Mark)>();
        for (var i = 0; i < 100; i++)
            answers.Add(await rig.AskAsync($"client-{i}"));

        var refused = answers.Where(a => a.Status == HttpStatusCode.ServiceUnavailable).ToList();
        Assert.InRange(refused.Count, 25, 75);
        Assert.All(refused, a => Assert.Contains("No instance of bank-1", a.Body, StringComparison.Ordinal));
        Assert.All(answers.Except(refused), a => Assert.Equal("new", a.Body));
        var step = Assert.Single((await rig.ReportAsync()).Steps);
        Assert.Equal((ArmTally.None, ArmTally.None), (step.Baseline, step.Candidate));
    }

    [Fact]
    public async Task SlownessCountsOnNeitherArmBeforeTheCandidateIsWarm()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh, share: 10_000, slowMicroseconds: 0, pastRequests: 97));

        for (var i = 0; i < 5; i++)
            await rig.AskAsync("one");

        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 5)).Steps);
        Assert.Equal(ArmTally.Of(5, 0, ("slow-p99", 1)), step.Candidate);
    }

    [Fact]
    public async Task OneThatHangsIsWarmByThoseWhoLeave()
    {
        using var begun = new SemaphoreSlim(0);
        await using var old = await Instance.SayingAsync("old");
        await using var hung = await Instance.StartAsync(context =>
        {
            begun.Release();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var bank = Rig.Bank(old, hung, share: 10_000, slowMicroseconds: 0, pastRequests: 98);

        var step = await Again.WhileAsync(report => report is null, () => LeaveAsync(bank, begun));

        Assert.Equal(ArmTally.Of(1, 0, ("slow-p99", 1)), step?.Candidate);
    }

    [Fact]
    public async Task RequestsOverTheLimitAreSlow()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh, share: 10_000, slowMicroseconds: 0));

        for (var i = 0; i < 6; i++)
            await rig.AskAsync(i < 4 ? "one" : "two");

        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 6)).Steps);
        Assert.Equal(ArmTally.Of(6, 0, ("slow-p99", 2)), step.Candidate);
    }

    [Fact]
    public async Task CountsBelongToTheirStepAndFirstTimesToTheRelease()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var bad = await Instance.SayingAsync("new", status: 500);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, bad, share: 10_000, step: 0));
        await rig.AskAsync("one");
        await rig.AskAsync("one");
        await rig.PutAsync(Rig.Bank(old, bad, share: 10_000, step: 1));
        await rig.AskAsync("one");
        await rig.AskAsync("two");
        await rig.PutAsync(Rig.Alone(old));
        await rig.AskAsync("one");

        var steps = (await rig.ReportAsync(r => r.Steps.Sum(s => s.Candidate.Requests) == 4)).Steps;

        Assert.Equal(
            [ArmTally.Of(2, 2, ("errors", 1)), ArmTally.Of(2, 2, ("errors", 1))],
            steps.Select(s => s.Candidate)
        );
        Assert.Equal([0, 1], steps.Select(s => s.Step));
    }

    /// <summary>Three clients, one after the other, each when its request has begun.</summary>
    /// <returns>Null where one may have taken so long that it is an error.</returns>
    static async Task<StepReport?> LeaveAsync(ServiceRoute bank, SemaphoreSlim begun)
    {
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(bank);
        for (var i = 0; i < 3; i++)
        {
            using var leaving = new CancellationTokenSource();
            var since = Stopwatch.GetTimestamp();
            var asked = rig.Client.GetAsync($"?{i}", leaving.Token);
            await begun.WaitAsync();
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
            await rig.ReportAsync(r => r.Instances.All(one => one.InFlight == 0));
            if (Stopwatch.GetElapsedTime(since) >= GivenUp)
                return null;
        }
        return Assert.Single((await rig.ReportAsync(r => Requests(r) > 0)).Steps);
    }

    static long Requests(GatewayReport report) => report.Steps.Sum(s => s.Baseline.Requests + s.Candidate.Requests);

    static async Task<List<string>> AskAllAsync(Rig rig)
    {
        var bodies = new List<string>();
        for (var i = 0; i < 200; i++)
            bodies.Add((await rig.AskAsync($"client-{i}")).Body);
        return bodies;
    }
}
