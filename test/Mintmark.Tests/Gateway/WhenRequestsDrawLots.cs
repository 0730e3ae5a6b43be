using System.Net;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenRequestsDrawLots
{
    [Fact]
    public async Task OneClientsRequestsGoToBothAndEachIsAUnit()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh, assignment: Assignment.Request));

        var bodies = new List<string>();
        for (var i = 0; i < 200; i++)
            bodies.Add((await rig.AskAsync("one")).Body);

        var candidates = bodies.Count(b => b == "new");
        Assert.InRange(candidates, 60, 140);
        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 200)).Steps);
        Assert.Equal(ArmTally.Of(candidates, 0) with { Units = candidates }, step.Candidate);
        Assert.Equal(ArmTally.Of(200 - candidates, 0) with { Units = 200 - candidates }, step.Baseline);
    }

    [Fact]
    public async Task NobodyIsGivenACookie()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, old, assignment: Assignment.Request));

        using var answer = await rig.Client.GetAsync("");

        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task ARetryGoesWhereTheRequestWentAndCountsOnce()
    {
        await using var old = await SayingAsync("old", "3 EUR");
        await using var fresh = await SayingAsync("new", "3 EUR");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh, assignment: Assignment.Request));

        for (var key = 0; key < 50; key++)
        {
            var first = await AskAsync(rig, $"key-{key}");
            Assert.Equal(first, await AskAsync(rig, $"key-{key}"));
            Assert.Equal(first, await AskAsync(rig, $"key-{key}"));
        }

        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 150)).Steps);
        var (units, requests) = (step.Candidate.Units, step.Candidate.Requests);
        Assert.InRange(units, 10, 40);
        Assert.Equal(3 * units, requests);
        Assert.Equal(50, units + step.Baseline.Units);
        Assert.Equal(3m * units, step.Candidate.Value["EUR"]);
    }

    [Fact]
    public async Task ARequestIsBadOnceHoweverOftenItFails()
    {
        await using var bad = await Instance.SayingAsync("new", status: 500);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(bad, bad, share: 10_000, assignment: Assignment.Request));

        await AskAsync(rig, "one");
        await AskAsync(rig, "one");
        await AskAsync(rig, "two");
        await AskAsync(rig, null);

        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 4)).Steps);
        Assert.Equal(ArmTally.Of(4, 4, ("errors", 3)) with { Units = 3 }, step.Candidate);
        Assert.Equal(0, step.Candidate.Good("errors"));
    }

    [Fact]
    public async Task TwoClientsMayUseTheSameKeyForTwoRequests()
    {
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(fresh, fresh, share: 10_000, assignment: Assignment.Request));

        await AskAsync(rig, "1", client: "alice");
        await AskAsync(rig, "1", client: "bob");
        await AskAsync(rig, "1", client: "alice");

        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 3)).Steps);
        Assert.Equal(2, step.Candidate.Units);
    }

    [Fact]
    public async Task AKeyTooLongOrGivenTwiceIsNone()
    {
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(fresh, fresh, share: 10_000, assignment: Assignment.Request));

        await AskAsync(rig, new string('k', 257));
        await AskAsync(rig, new string('k', 257));

        var step = Assert.Single((await rig.ReportAsync(r => Requests(r) == 2)).Steps);
        Assert.Equal(2, step.Candidate.Units);
    }

    [Fact]
    public async Task ARetryInALaterStepIsAUnitOfThatStep()
    {
        await using var bad = await Instance.SayingAsync("new", status: 500);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(bad, bad, share: 10_000, step: 0, assignment: Assignment.Request));
        await AskAsync(rig, "one");
        await rig.PutAsync(Rig.Bank(bad, bad, share: 10_000, step: 1, assignment: Assignment.Request));
        await AskAsync(rig, "one");

        var steps = (await rig.ReportAsync(r => Requests(r) == 2)).Steps;

        Assert.All(steps, s => Assert.Equal(ArmTally.Of(1, 1, ("errors", 1)) with { Units = 1 }, s.Candidate));
    }

    static Task<Instance> SayingAsync(string text, string value) =>
        Instance.StartAsync(context =>
        {
            context.Response.Headers["Mint-Value"] = value;
            return context.Response.WriteAsync(text);
        });

    static async Task<string> AskAsync(Rig rig, string? key, string? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "");
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (client is not null)
            request.Headers.Add("Mint-Client", client);
        using var answer = await rig.Client.SendAsync(request);
        Assert.NotEqual(HttpStatusCode.BadGateway, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync();
    }

    static long Requests(GatewayReport report) => report.Steps.Sum(s => s.Baseline.Requests + s.Candidate.Requests);
}
