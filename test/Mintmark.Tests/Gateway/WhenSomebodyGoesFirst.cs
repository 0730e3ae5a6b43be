using System.Net;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenSomebodyGoesFirst
{
    static readonly ServiceName Bank = new("bank");

    [Fact]
    public async Task ThoseOfTheStepAndOfThoseBeforeGetTheNewVersionAndCountForNone()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(With(Rig.Bank(old, fresh, share: 1, step: 1), ["ann"], ["bob"], ["eve"]));

        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("new", (await rig.AskAsync("ann")).Body);
            Assert.Equal("new", (await rig.AskAsync("bob")).Body);
        }

        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
        var step = Assert.Single(report.Steps);
        Assert.Equal((ArmTally.None, ArmTally.None), (step.Baseline, step.Candidate));
        Assert.Empty(report.Latencies);
        Assert.Empty(report.Past);
        Assert.Equal("old", (await rig.AskAsync("eve")).Body);
    }

    [Fact]
    public async Task AllOthersKeepTheVersionThatTheyDrew()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        var clients = Enumerable.Range(0, 200).Select(i => $"client {i}").ToList();

        var small = await DrawnAsync(rig, With(Rig.Bank(old, fresh, share: 2_000)), clients);
        var listed = await DrawnAsync(rig, With(Rig.Bank(old, fresh, share: 2_000), clients[..50]), clients);
        var large = await DrawnAsync(rig, With(Rig.Bank(old, fresh, share: 6_000, step: 1), clients[..50]), clients);

        Assert.All(listed[..50], body => Assert.Equal("new", body));
        Assert.Equal(small[50..], listed[50..]);
        // Who had the new version keeps it, and those who come to it are about as many as the share says.
        Assert.All(clients.Index().Where(c => listed[c.Index] == "new"), c => Assert.Equal("new", large[c.Index]));
        Assert.InRange(large[50..].Count(body => body == "new"), 65, 115);
    }

    [Fact]
    public async Task ACohortIsWhoSendsAHeaderWithThatValue()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        var route = With(Rig.Bank(old, fresh, share: 1));
        await rig.PutAsync(Planned(route, p => p with { Steps = [Step([], "X-Tenant: acme", "X-Tenant: globex")] }));

        Assert.Equal("new", await AskAsync(rig, "X-Tenant", "acme"));
        Assert.Equal("new", await AskAsync(rig, "x-tenant", "globex"));
        Assert.Equal("old", await AskAsync(rig, "X-Tenant", "Acme"));
        Assert.Equal("old", await AskAsync(rig, "X-Other", "acme"));
    }

    [Fact]
    public async Task ATesterNamesOneOfTheTwoWhereTheManifestSaysSo()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var fresh = await Instance.SayingAsync("new");
        await using var rig = await Rig.StartAsync();
        var route = Rig.Bank(old, fresh, share: 1);
        await rig.PutAsync(Planned(route, p => p with { ByName = true }));

        Assert.Equal("new", await AskAsync(rig, "Mint-Version", "bank-2"));
        Assert.Equal("old", await AskAsync(rig, "Mint-Version", "BANK-1"));
        Assert.Contains(
            "bank-3 is none of the versions",
            await AskAsync(rig, "Mint-Version", "bank-3"),
            StringComparison.Ordinal
        );
        var report = await rig.ReportAsync(r => r.Instances.All(i => i.InFlight == 0));
        Assert.Equal(0, report.Steps.Sum(s => s.Baseline.Requests + s.Candidate.Requests));

        await rig.PutAsync(route);
        Assert.Equal("old", await AskAsync(rig, "Mint-Version", "bank-2"));
    }

    [Fact]
    public async Task ACandidateThatIsFoundWorseLosesItsGuestsToo()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var bad = await Instance.SayingAsync("new", status: 500);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Planned(With(Rig.Bank(old, bad), ["ann"]), p => p with { ByName = true }));
        Assert.Equal("new", (await rig.AskAsync("ann")).Body);

        for (var i = 0; !(await rig.ReportAsync()).Steps[0].Tripped; i++)
        {
            Assert.InRange(i, 0, 2_000);
            await rig.AskAsync($"client {i}");
        }

        Assert.Equal("old", (await rig.AskAsync("ann")).Body);
        // A tester would take the old version's answers for the new one's.
        var named = await AskAsync(rig, "Mint-Version", "bank-2");
        Assert.Contains("bank-2 is none of the versions", named, StringComparison.Ordinal);
        Assert.Equal("old", await AskAsync(rig, "Mint-Version", "bank-1"));
    }

    [Fact]
    public async Task ACandidateThatCannotAnswerLeavesItsGuestsToTheOldVersion()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(With(Rig.Bank(old), ["ann"]));

        Assert.Equal(
            (HttpStatusCode.OK, "old"),
            ((await rig.AskAsync("ann")).Status, (await rig.AskAsync("ann")).Body)
        );
    }

    static StepPlan Step(IReadOnlyList<string> clients, params string[] cohorts) =>
        new(new Share(2_500), 100) { Guests = new Guests([.. clients.Select(c => Guests.Digest(Bank, c))], cohorts) };

    static ServiceRoute With(ServiceRoute route, params IReadOnlyList<string>[] steps) =>
        Planned(route, plan => plan with { Steps = [.. steps.Select(clients => Step(clients))] });

    static ServiceRoute Planned(ServiceRoute route, Func<RolloutPlan, RolloutPlan> plan) =>
        route with
        {
            Comparison = route.Comparison! with { Rollout = plan(route.Comparison.Rollout) },
        };

    static async Task<string[]> DrawnAsync(Rig rig, ServiceRoute route, IReadOnlyList<string> clients)
    {
        await rig.PutAsync(route);
        var drawn = new List<string>();
        foreach (var client in clients)
            drawn.Add((await rig.AskAsync(client)).Body);
        return [.. drawn];
    }

    static async Task<string> AskAsync(Rig rig, string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Add("Mint-Client", "somebody");
        request.Headers.Add(header, value);
        using var answer = await rig.Client.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }
}
