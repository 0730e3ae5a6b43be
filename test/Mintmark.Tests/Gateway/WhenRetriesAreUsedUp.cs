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
        using var one = new Absent();
        using var two = new Absent();
        await using var rig = await Rig.StartAsync();
        var arm = new Arm(Mark.Parse("bank-1"), [one.As(1), two.As(2)]);
        await rig.PutAsync(new ServiceRoute(new ServiceName("bank"), null, arm, null));

        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 12; i++)
            statuses.Add((await rig.AskAsync()).Status);
        using var last = await rig.Client.GetAsync("");

        // Ten at first, and a fifth of those that have come by then.
        Assert.All(statuses, s => Assert.Equal(HttpStatusCode.BadGateway, s));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, last.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), last.Headers.RetryAfter?.Delta);
        var why = await last.Content.ReadAsStringAsync();
        Assert.Contains("were tried again already", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInstanceThatTakesNoConnectionIsAskedLast()
    {
        using var absent = new Absent();
        await using var bank = await Instance.SayingAsync("ok");
        await using var rig = await Rig.StartAsync();
        var arm = new Arm(Mark.Parse("bank-1"), [bank.As(1), absent.As(2)]);
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
