using System.Net;
using Mintmark.Gateway;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenACandidateFails
{
    [Fact]
    public async Task ItsShareGoesBackToTheBaselineAtOnce()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var bad = await Instance.SayingAsync("new", status: 500);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, bad));

        var failed = 0;
        for (var i = 0; i < 400; i++)
            failed += (await rig.AskAsync($"client-{i}")).Status == HttpStatusCode.InternalServerError ? 1 : 0;
        var step = Assert.Single((await rig.ReportAsync(r => r.Steps[0].Tripped)).Steps);

        // One request at a time: none is in flight when the judge decides, so none is served badly after it.
        Assert.InRange(failed, 2, 40);
        Assert.Equal(ArmTally.Of(failed, failed, ("errors", failed)), step.Candidate);
        Assert.InRange(step.Baseline.Requests, 0, 399);
        Assert.Equal(200, (int)(await rig.AskAsync("client-0")).Status);
    }

    [Fact]
    public async Task ItStaysOutInLaterStepsOfItsRelease()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var bad = await Instance.SayingAsync("new", status: 500);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, bad));
        for (var i = 0; i < 400; i++)
            await rig.AskAsync($"client-{i}");

        await rig.PutAsync(Rig.Bank(old, bad, share: 9_000, step: 1));
        for (var i = 0; i < 50; i++)
            Assert.Equal("old", (await rig.AskAsync($"client-{i}")).Body);

        Assert.All((await rig.ReportAsync()).Steps, s => Assert.True(s.Tripped));
    }

    [Fact]
    public async Task ItStaysOutWhereTheGatewayEndsBeforeAnybodyHasHeardOfIt()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var bad = await Instance.SayingAsync("new", status: 500);
        var first = await Rig.StartAsync();
        await first.PutAsync(Rig.Bank(old, bad));
        for (var i = 0; i < 400; i++)
            await first.AskAsync($"client-{i}");
        await first.StopAsync();

        await using var again = await Rig.StartAsync(first.Home);
        for (var i = 0; i < 50; i++)
            Assert.Equal("old", (await again.AskAsync($"client-{i}")).Body);
        await again.PutAsync(Rig.Bank(old, bad, share: 9_000, step: 1));

        Assert.True((await again.ReportAsync()).Steps[^1].Tripped);
        Assert.Equal("old", (await again.AskAsync("client-0")).Body);
    }

    [Fact]
    public async Task AReleaseOfTheSameNameInAnotherLogIsAnother()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var good = await Instance.SayingAsync("new");
        var home = await TrippedAsync(50);
        // Of the log that the control plane has no more.
        new KeptTable(GatewayFolder.Open(home, name: null)).Keep(new RouteTable(60, null, [Rig.Bank(old, good)]));
        await using var rig = await Rig.StartAsync(home);
        Assert.True((await rig.ReportAsync()).Steps[0].Tripped);

        await rig.PutAsync(new RouteTable(49, null, [Rig.Bank(old, good)]));
        Assert.False((await rig.ReportAsync()).Steps[0].Tripped);
        // That log grows beyond where the other one was.
        await rig.PutAsync(new RouteTable(50, null, [Rig.Bank(old, good)]));
        Assert.False((await rig.ReportAsync()).Steps[0].Tripped);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(51)]
    public async Task WhatWasFoundWorseIsSoAfterAStartToo(int revision)
    {
        await using var old = await Instance.SayingAsync("old");
        await using var good = await Instance.SayingAsync("new");
        var home = await TrippedAsync(50);
        await using var rig = await Rig.StartAsync(home);

        await rig.PutAsync(new RouteTable(revision, null, [Rig.Bank(old, good)]));

        Assert.True((await rig.ReportAsync()).Steps[0].Tripped);
    }

    [Fact]
    public async Task ATableOnDiskIsOfThatLogThoughItsPushWasNotKeptInTime()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var good = await Instance.SayingAsync("new");
        var home = await TrippedAsync(50);
        new KeptTable(GatewayFolder.Open(home, name: null)).Keep(new RouteTable(49, null, [Rig.Bank(old, good)]));

        await using var rig = await Rig.StartAsync(home);

        Assert.True((await rig.ReportAsync()).Steps[0].Tripped);
    }

    static async Task<string> TrippedAsync(int revision)
    {
        var home = Directory.CreateTempSubdirectory("mintmark-tripped-").FullName;
        Directory.CreateDirectory(Path.Combine(home, "gateway"));
        await File.WriteAllTextAsync(Path.Combine(home, "gateway", "trips"), $"rel-7 {revision}\nnonsense\nrel-8\n");
        return home;
    }

    [Fact]
    public async Task AWaitingListenerHearsOfItAtOnce()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var bad = await Instance.SayingAsync("new", status: 500);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, bad));

        var heard = rig.ReportAsync(r => r.Steps[0].Tripped);
        for (var i = 0; i < 200; i++)
            await rig.AskAsync($"client-{i}");

        Assert.True((await heard).Steps[0].Tripped);
    }

    [Fact]
    public async Task OneClientThatFailsAgainAndAgainIsOneUnitAndProvesNothing()
    {
        await using var old = await Instance.SayingAsync("old");
        await using var bad = await Instance.StartAsync(context =>
        {
            context.Response.StatusCode = context.Request.Headers["Mint-Client"] == "client-0" ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, bad, share: 10_000));

        for (var i = 0; i < 100; i++)
            await rig.AskAsync("client-0");

        var step = Assert.Single((await rig.ReportAsync(r => r.Steps[0].Candidate.Requests == 100)).Steps);
        Assert.Equal(ArmTally.Of(100, 100, ("errors", 1)), step.Candidate);
        Assert.False(step.Tripped);
    }

    [Fact]
    public async Task AnIncidentThatBothArmsShareDoesNotTrip()
    {
        await using var old = await Instance.SayingAsync("old", status: 503);
        await using var fresh = await Instance.SayingAsync("new", status: 503);
        await using var rig = await Rig.StartAsync();
        await rig.PutAsync(Rig.Bank(old, fresh));

        for (var i = 0; i < 400; i++)
            await rig.AskAsync($"client-{i}");

        var step = Assert.Single((await rig.ReportAsync(r => r.Steps[0].Baseline.Errors > 0)).Steps);
        Assert.False(step.Tripped);
    }
}
