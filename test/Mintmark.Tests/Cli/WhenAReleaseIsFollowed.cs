using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenAReleaseIsFollowed
{
    [Fact]
    public async Task APlainLineComesForEachChangeUntilItIsPromoted()
    {
        var said = await WatchAsync(Promotion(), "--plain");
        Assert.Equal(0, said.Exit);
        Golden.Matches("watch-promoted", said.Out);
    }

    [Fact]
    public async Task ARollbackEndsItWithStatusOne()
    {
        var story = Story.OnTheRamp();
        var ramping = story.Answer(2);
        story.Judged(Verdict.Worse, "31 errors in 520 requests against 1 in 1,500", 9.4m);
        var said = await WatchAsync([ramping, story.Answer(2)]);
        Assert.Equal(1, said.Exit);
        Golden.Matches("watch-rolled-back", said.Out);
    }

    [Fact]
    public async Task AFailedBuildEndsItWithStatusOneAndItsLastLines()
    {
        var story = new Story().Begun().Asked("Break a test").At(BuildStage.Build);
        var building = story.Answer(1);
        story.Record(new Event.BuildFailed(new ReleaseId(1), BuildStage.Build, "the build exited with 1"));
        var said = await WatchAsync([
            building,
            story.Answer(1, "/home/mintmark/builds/rel-1", "error CS1002: ; expected"),
        ]);
        Assert.Equal(1, said.Exit);
        Golden.Matches("watch-failed", said.Out);
    }

    [Fact]
    public async Task AControlPlaneThatStartsAgainIsWaitedFor()
    {
        var story = Story.OnTheRamp();
        var before = story.Answer(2);
        story.Judged(Verdict.Worse, "31 errors in 520 requests against 1 in 1,500", 9.4m);
        var said = await WatchAsync([before, null, story.Answer(2)]);
        Assert.Contains("does not answer: waiting for it", said.Out, StringComparison.Ordinal);
        Assert.Contains("answers again", said.Out, StringComparison.Ordinal);
        Assert.Equal(1, said.Exit);
    }

    [Fact]
    public async Task JsonComesAsOneObjectForEachChangeAndTheLastIsFinal()
    {
        var answers = Promotion();
        var said = await WatchAsync(
            [.. answers.SelectMany(a => new[] { a, a! with { Revision = a.Revision + 1 } })],
            "--json"
        );
        var lines = said.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(answers.Length, lines.Length);
        var last = JsonSerializer.Deserialize<ReleaseAnswer>(lines[^1], ApiJson.Options)!;
        Assert.Equal((Phase.Ended, Outcome.Promoted), (last.Release.Phase, last.Release.Outcome));
    }

    [Fact]
    public async Task ATerminalSeesStepsArmsAndEvidenceRedrawn()
    {
        var story = Story.OnTheRamp();
        var ramping = story.Answer(2);
        story.Judged(Verdict.Worse, "31 errors in 520 requests against 1 in 1,500", 9.4m);
        var said = await WatchAsync(live: true, [ramping, story.Answer(2)]);
        foreach (var seen in new[] { "step 2", "candidate bank-2", "baseline bank-1", "evidence", "was rolled back" })
            Assert.Contains(seen, said.Out, StringComparison.Ordinal);
        Assert.Contains('\e', said.Out);
    }

    /// <summary>The whole way of bank-2, looked at after each event.</summary>
    private static ReleaseAnswer[] Promotion()
    {
        var story = Story.OnTheRamp();
        var whole = story
            .Judged(Verdict.GoodEnough, "1,000 requests without alarm", -0.7m)
            .Stepped()
            .After(30)
            .Counted(ArmTally.None, ArmTally.Of(2_000, 1, ("errors", 1), ("slow-p99", 20)))
            .Judged(Verdict.GoodEnough, "2,000 requests without alarm", -1.2m)
            .Promoted()
            .After(600)
            .Record(new Event.GuardEnded(new ReleaseId(2)));
        var asked = whole.Entries.FindIndex(e => e.Event is Event.ShipRequested { Mark.Number: 2 });
        var retold = new Story();
        List<ReleaseAnswer> answers = [];
        foreach (var (entry, index) in whole.Entries.Select((e, i) => (e, i)))
        {
            retold.Tell(entry);
            if (index >= asked)
                answers.Add(retold.Answer(2));
        }
        return [.. answers];
    }

    private static Task<Said> WatchAsync(ReleaseAnswer?[] answers, params string[] options) =>
        WatchAsync(live: false, answers, options);

    /// <param name="answers">One for each question, the last for ever; null breaks the connection.</param>
    private static async Task<Said> WatchAsync(bool live, ReleaseAnswer?[] answers, params string[] options)
    {
        using var mint = new Mint { IsLive = live };
        var asked = 0;
        await using var api = await CannedApi.StartAsync(
            mint,
            app =>
                app.MapGet(
                    "/api/releases/{id}",
                    IResult (HttpContext context) =>
                    {
                        if (answers[Math.Min(asked++, answers.Length - 1)] is { } answer)
                            return TypedResults.Ok(answer);
                        context.Abort();
                        return TypedResults.Empty;
                    }
                )
        );
        return await mint.RunAsync(["show", $"{answers[0]!.Release.Id}", "--watch", .. options]);
    }
}
