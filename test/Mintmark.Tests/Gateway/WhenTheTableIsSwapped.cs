using System.Net;
using System.Text;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenTheTableIsSwapped
{
    [Fact]
    public async Task TheNextRequestFollowsIt()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh, share: 10_000));
        Assert.Equal("new", (await rig.AskAsync("a")).Body);

        for (var i = 0; i < 50; i++)
        {
            await rig.PutAsync(Rig.Alone(i % 2 == 0 ? old : fresh));
            Assert.Equal(i % 2 == 0 ? "old" : "new", (await rig.AskAsync("a")).Body);
        }
    }

    [Fact]
    public async Task AnOlderTableIsIgnoredAndTheOneInForceIsNamed()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();

        Assert.Equal(9, await rig.PutAsync(new RouteTable(9, null, [Rig.Alone(fresh)])));
        Assert.Equal(9, await rig.PutAsync(new RouteTable(8, null, [Rig.Alone(old)])));

        Assert.Equal("new", (await rig.AskAsync()).Body);
        Assert.Equal(9, (await rig.ReportAsync()).Revision);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"revision":5}""")]
    [InlineData("""{"revision":0,"services":[]}""")]
    [InlineData("""{"revision":5,"services":[null]}""")]
    [InlineData("""{"revision":5,"services":[{}]}""")]
    [InlineData("""{"revision":5,"services":[{"service":"Bank!"}]}""")]
    [InlineData("""{"revision":5,"services":[{"service":"bank"},{"service":"bank"}]}""")]
    [InlineData("""{"revision":5,"services":[{"service":"bank","baseline":{"mark":"bank-1"}}]}""")]
    [InlineData("""{"revision":5,"services":[{"service":"bank","baseline":{"targets":[]}}]}""")]
    [InlineData("""{"revision":5,"services":[{"service":"bank","baseline":{"mark":"wallet-1","targets":[]}}]}""")]
    [InlineData("""{"revision":5,"services":[{"service":"bank","baseline":{"mark":"bank-1","targets":[null]}}]}""")]
    [InlineData(
        """{"revision":5,"services":[{"service":"bank","baseline":{"mark":"bank-1","targets":[{"port":1}]}}]}"""
    )]
    [InlineData(
        """
            {"revision":5,"services":[{"service":"bank","baseline":{"mark":"bank-1","targets":[
            {"instance":"i-1","port":70000}]}}]}
            """
    )]
    [InlineData("""{"revision":5,"services":[{"service":"bank","comparison":{}}]}""")]
    [InlineData(
        """
            {"revision":5,"services":[{"service":"bank","comparison":{"release":"rel-1",
            "candidate":{"mark":"bank-2","targets":[]},"past":[]}}]}
            """
    )]
    public async Task AnUnsoundTableIsRefusedAndTheOneInForceIsKept(string json)
    {
        await using var instance = await Instance.SayingAsync("old");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Alone(instance));

        using var answer = await rig.PutAsync(Encoding.UTF8.GetBytes(json));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("old", (await rig.AskAsync()).Body);
        Assert.Equal(1, (await rig.ReportAsync()).Revision);
    }

    [Fact]
    public async Task ATableBeyondTheLimitIsRefused()
    {
        await using var rig = await Rig.StartAsync();

        using var answer = await rig.PutAsync(Encoding.UTF8.GetBytes(new string(' ', (16 << 20) + 1)));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Fact]
    public async Task NoRequestFailsHoweverOftenAndInstancesMayLeaveOnceDrained()
    {
        await using var rig = await Rig.StartAsync();
        var serving = await Instance.SayingAsync("hello");
        await rig.PutAsync(At(1, serving));
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => HammerAsync(rig, enough.Token)).ToList();

        for (var i = 2; i <= 20; i++)
        {
            var next = await Instance.SayingAsync("hello");
            await rig.PutAsync(At(i, next));
            await rig.ReportAsync(r => r.Instances.All(l => l.Instance == new InstanceId(i)));
            await serving.DisposeAsync();
            serving = next;
        }
        await enough.CancelAsync();

        Assert.All(await Task.WhenAll(clients), asked => Assert.True(asked > 0));
        await serving.DisposeAsync();
    }

    [Fact]
    public async Task EveryRequestIsCountedOnceInTheStepThatAssignedIt()
    {
        // Both arms fail alike, so nothing trips and every counter runs.
        await using var bad = await Instance.SayingAsync("sorry", status: 500);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(bad, bad));
        using var enough = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 8).Select(_ => CountAsync(rig, enough.Token)).ToList();

        for (var step = 1; step < 5; step++)
        {
            await rig.ReportAsync(r => r.Steps[^1].Baseline.Requests + r.Steps[^1].Candidate.Requests >= 50);
            await rig.PutAsync(Rig.Bank(bad, bad, step: step));
        }
        await enough.CancelAsync();
        var asked = (await Task.WhenAll(clients)).Sum();
        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));

        var sum = report.Steps.Aggregate(ArmTally.None, (sum, step) => sum + step.Baseline + step.Candidate);
        Assert.Equal([0, 1, 2, 3, 4], report.Steps.Select(s => s.Step));
        Assert.Equal(ArmTally.Of(asked, asked, ("errors", asked)), sum);
    }

    static async Task<int> CountAsync(Rig rig, CancellationToken enough)
    {
        var asked = 0;
        for (; !enough.IsCancellationRequested; asked++)
            await rig.AskAsync();
        return asked;
    }

    static ServiceRoute At(int number, Instance instance) =>
        new(new ServiceName("bank"), null, new Arm(Mark.Parse("bank-1"), [instance.As(number)]), null);

    static async Task<int> HammerAsync(Rig rig, CancellationToken enough)
    {
        var asked = 0;
        for (; !enough.IsCancellationRequested; asked++)
            Assert.Equal((HttpStatusCode.OK, "hello", "bank-1"), await rig.AskAsync());
        return asked;
    }
}
