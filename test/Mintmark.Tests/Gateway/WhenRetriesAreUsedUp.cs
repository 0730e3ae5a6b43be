using System.Net;
using Mintmark.Gateway;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenRetriesAreUsedUp
{
    [Fact]
    public void AFifthOfTheRequestsMayBeTriedAgain()
    {
        var budget = new RetryBudget();
        Assert.Equal(10, Spent(budget));

        for (var i = 0; i < 50; i++)
            budget.Earn();

        Assert.Equal(10, Spent(budget));
    }

    [Fact]
    public void NoMoreThanTheLast500RequestsAreRemembered()
    {
        var budget = new RetryBudget();
        for (var i = 0; i < 100_000; i++)
            budget.Earn();

        Assert.Equal(100, Spent(budget));
    }

    [Fact]
    public async Task TheAnswerIsA503ThatSaysSo()
    {
        // Both take no connections, so each request would be tried again.
        await using var rig = await Rig.StartAsync();
        Target[] deaf = [new(new InstanceId(1), Rig.FreePlace().Port), new(new InstanceId(2), Rig.FreePlace().Port)];
        var arm = new Arm(Mark.Parse("bank-1"), deaf);
        await rig.PutAsync(new ServiceRoute(new ServiceName("bank"), null, arm, null));

        var answers = new List<(HttpStatusCode Status, string Body, string? Mark)>();
        for (var i = 0; i < 13; i++)
            answers.Add(await rig.AskAsync());

        // Ten at first, and a fifth of those that have come by then.
        Assert.All(answers[..12], a => Assert.Equal(HttpStatusCode.BadGateway, a.Status));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answers[^1].Status);
        Assert.Contains("were tried again already", answers[^1].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInstanceThatTakesNoConnectionIsAskedLast()
    {
        await using var bank = await Instance.SayingAsync("ok");
        await using var rig = await Rig.StartAsync();
        var arm = new Arm(Mark.Parse("bank-1"), [bank.As(1), new Target(new InstanceId(2), Rig.FreePlace().Port)]);
        await rig.PutAsync(new ServiceRoute(new ServiceName("bank"), null, arm, null));

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 300; i++)
            statuses.Add((await rig.AskAsync()).Status);

        Assert.All(statuses, s => Assert.Equal(HttpStatusCode.OK, s));
    }

    static int Spent(RetryBudget budget)
    {
        var spent = 0;
        while (budget.TrySpend())
            spent++;
        return spent;
    }
}
