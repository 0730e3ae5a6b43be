using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Mintmark.Evidence;
using Mintmark.Releases;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenSomethingIsOrdered
{
    [Fact]
    public async Task TheOrderNamesThePersonAndTheReason()
    {
        using var mint = new Mint();
        var asked = new List<HoldRequest>();
        await using var api = await CannedApi.StartAsync(
            mint,
            app =>
                app.MapPost(
                    "/api/{verb}",
                    (HoldRequest request) =>
                    {
                        asked.Add(request);
                        return new Done(null, 42, true);
                    }
                )
        );
        var transcript = new StringBuilder();
        foreach (var verb in new[] { "halt", "resume", "freeze", "thaw" })
        {
            foreach (var target in new[] { "bank", "--all" })
            {
                var said = await mint.RunAsync(verb, target, "--reason", "audit", "--by", "bob");
                Assert.Equal(0, said.Exit);
                transcript.AppendLine(said.Transcript($"{verb} {target} --reason audit --by bob"));
            }
        }
        Golden.Matches("holds", transcript.ToString());
        Assert.Equal(new HoldRequest(new ServiceName("bank"), "audit", "bob"), asked[0]);
        Assert.Equal(new HoldRequest(null, "audit", "bob"), asked[1]);
    }

    [Fact]
    public async Task AnAdvanceNamesThePersonAndTheReason()
    {
        using var mint = new Mint();
        AdvanceRequest? asked = null;
        await using var api = await CannedApi.StartAsync(
            mint,
            app => app.MapPost("/api/advance", (AdvanceRequest r) => new Done((asked = r).Release, 42, true))
        );
        var said = await mint.RunAsync("advance", "rel-2", "--reason", "checked by hand", "--by", "bob");
        Golden.Matches("advance", said.Transcript("advance rel-2 --reason \"checked by hand\" --by bob"));
        Assert.Equal(new AdvanceRequest(new ReleaseId(2), "checked by hand", "bob"), asked);
        Assert.Equal(2, (await mint.RunAsync("advance", "rel-2")).Exit);
    }

    [Fact]
    public async Task AHaltThatTheGatewayHasNotConfirmedIsAFailure()
    {
        using var mint = new Mint();
        await using var api = await CannedApi.StartAsync(
            mint,
            app => app.MapPost("/api/{verb}", (HoldRequest _) => new Done(null, 42, false))
        );
        var halt = await mint.RunAsync("halt", "bank", "--reason", "audit", "--by", "bob");
        Assert.Equal(3, halt.Exit);
        Golden.Matches("halt-unconfirmed", halt.Transcript("halt bank --reason audit"));
        Assert.Equal(0, (await mint.RunAsync("freeze", "bank", "--reason", "audit", "--by", "bob")).Exit);
    }

    [Fact]
    public async Task ARollbackOfWhatIsOnItsWayIsDoneAtOnce()
    {
        var story = Story.OnTheRamp();
        story.Do(new Command.Rollback(new ServiceName("bank"), null, "statements are wrong"), new Actor("bob"));
        using var mint = new Mint();
        await using var api = await RollbackAsync(mint, new Done(new ReleaseId(2), 42, true), story.Answer(2));
        var said = await mint.RunAsync("rollback", "bank", "--reason", "statements are wrong", "--by", "bob");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        Golden.Matches("rollback", said.Out);
    }

    [Fact]
    public async Task ARollbackToAVersionThatNoLongerRunsIsFollowedUntilItServes()
    {
        var story = Story
            .OnTheRamp()
            .Judged(Verdict.GoodEnough, "fine")
            .Stepped()
            .Judged(Verdict.GoodEnough, "fine")
            .Promoted()
            .Record(new Event.GuardEnded(new ReleaseId(2)))
            .Do(new Command.Rollback(new ServiceName("bank"), null, "statements are wrong"), new Actor("bob"));
        var asked = story.Answer(3);
        story.Admitted().Healthy();
        var healthy = story.Answer(3);
        story.Promoted();
        using var mint = new Mint();
        await using var api = await RollbackAsync(
            mint,
            new Done(new ReleaseId(3), 42, true),
            asked,
            asked,
            healthy,
            story.Answer(3)
        );
        var said = await mint.RunAsync("rollback", "bank", "--reason", "statements are wrong", "--by", "bob");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        Golden.Matches("rollback-return", said.Out);
    }

    [Theory]
    [InlineData(409, 1, "one-release-at-a-time", "rel-3 of bank is on its way")]
    [InlineData(409, 2, "unknown-service", "no service 'bonk' has been shipped here")]
    [InlineData(409, 2, "unknown-release", "there is no rel-12; 'mint releases' lists them")]
    [InlineData(409, 2, "unknown-version", "there is no bank-9; 'mint releases' lists what was shipped")]
    [InlineData(409, 2, "reason-too-long", "a reason has at most 500 characters, not 501")]
    [InlineData(409, 2, "expiry-out-of-range", "until when must be after now and within 90 days")]
    [InlineData(400, 2, null, "mint.yaml:3:1: profil: no such key\nmint.yaml:5:7: build.run: missing")]
    [InlineData(404, 2, null, "there is no rel-12")]
    [InlineData(500, 3, null, "what happened")]
    [InlineData(507, 3, null, "no space left")]
    public async Task AnAnswerThatIsAProblemDecidesTheExitStatus(int status, int exit, string? rule, string detail)
    {
        using var mint = new Mint();
        var problem = TypedResults.Problem(
            statusCode: status,
            title: rule ?? "a title",
            detail: detail,
            extensions: rule is null ? [] : [new("rule", rule)]
        );
        await using var api = await CannedApi.StartAsync(mint, app => app.MapGet("/api/status", () => problem));
        var said = await mint.RunAsync("status");
        Assert.Equal((exit, ""), (said.Exit, said.Out));
        Golden.Matches($"problem-{status}{(rule is null ? "" : "-" + rule)}", said.Error);
    }

    [Fact]
    public async Task ADamagedFileOfTheHomeIsAFailureAndNoRefusal()
    {
        using var mint = new Mint();
        await using var api = await CannedApi.StartAsync(
            mint,
            app =>
            {
                app.UseExceptionHandler(Problems.Edge);
                app.MapGet(
                    "/api/status",
                    string () => throw new MaterialsException("support.csv", "line 3", "no date")
                );
            }
        );
        var said = await mint.RunAsync("status");
        Assert.Equal((3, ""), (said.Exit, said.Out));
        Assert.Contains("a file of the home is damaged: support.csv, line 3", said.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnotherHomesTokenIsBadInput()
    {
        using var mint = new Mint();
        await using var api = await CannedApi.StartAsync(mint, _ => { });
        await File.WriteAllTextAsync(new Home(mint.HomeFolder).Token, "another\n");
        var said = await mint.RunAsync("status");
        Assert.Equal(2, said.Exit);
        Golden.Matches("problem-401", said.Error);
    }

    [Fact]
    public async Task WhatIsNoControlPlaneIsTold()
    {
        using var mint = new Mint();
        await using var api = await CannedApi.StartAsync(mint, app => app.MapGet("/api/status", () => "<html>"));
        var said = await mint.RunAsync("status");
        Assert.Equal(3, said.Exit);
        Assert.Contains("is that the control plane", said.Error, StringComparison.Ordinal);
    }

    private static Task<CannedApi> RollbackAsync(Mint mint, Done done, params ReleaseAnswer[] answers)
    {
        var asked = 0;
        return CannedApi.StartAsync(
            mint,
            app =>
            {
                app.MapPost("/api/rollback", (RollbackRequest _) => done);
                app.MapGet("/api/releases/{id}", () => answers[Math.Min(asked++, answers.Length - 1)]);
            }
        );
    }
}
