using Microsoft.AspNetCore.Builder;
using Mintmark.Releases;
using Mintmark.Server;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenAnswersAreShown
{
    private static readonly ServiceName Bank = new("bank");

    [Fact]
    public Task StatusBeforeTheFirstShipSaysWhatToDo() =>
        StatusAsync("status-first", new Story().Begun(), s => s.Status());

    [Fact]
    public Task StatusShowsWhatServesAndWhatIsOnItsWay() =>
        StatusAsync("status-ramping", Story.OnTheRamp(), s => s.Status());

    [Fact]
    public async Task StatusOfAGuardShowsWhatIsHeldBack()
    {
        var story = Story.OnTheRamp();
        var status = story.Status();
        var ramp = status.Services[0].Open[0];
        var rollout = ramp.Version.Manifest.Rollout;
        var guard = ramp with
        {
            Release = ramp.Release with { Phase = Phase.Guarding },
            Version = ramp.Version with
            {
                Manifest = ramp.Version.Manifest with { Rollout = rollout with { Steps = [rollout.Steps[0]] } },
            },
        };
        var service = status.Services[0] with { Serving = ramp.Release.Mark, Open = [guard] };
        using var mint = new Mint { Now = story.Now };
        await using var api = await CannedApi.StartAsync(
            mint,
            app => app.MapGet("/api/status", () => status with { Services = [service] })
        );

        var said = await mint.RunAsync("status");

        Assert.Contains("serving    bank-2 25 %, bank-1 75 %", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public Task StatusShowsHaltsFreezesAndTroubles() =>
        StatusAsync(
            "status-held",
            Story
                .WithAVersionInService()
                .Do(new Command.Halt(Bank, "double postings"), new Actor("bob"))
                .Do(new Command.Freeze(null, "audit week"), new Actor("carol"))
                .After(90),
            s => s.Status(connected: false, ("gateway", "it does not answer"), ("build", "disk full"))
        );

    [Fact]
    public Task StatusShowsHowOldRoutesAreAndWhoIsTurnedAway() =>
        StatusAsync("status-turned-away", new Story().Begun(), s => TurnedAway(s.Status(), s.Now));

    [Fact]
    public Task ShowSaysWhereARampIsAndWhyItDoesNotMove() => ShowAsync("show-ramping", Story.OnTheRamp().After(3), 2);

    [Fact]
    public Task ShowOfACandidateThatAnswersCopiesSaysHow() =>
        ShowAsync(
            "show-shadow",
            Story
                .WithAVersionInService()
                .Asked("Statements by month", shadow: new(new Share(2_000), 5_000, 600, ShadowPlan.SafeMethods))
                .Built()
                .Gated()
                .Admitted()
                .Healthy()
                .After(12)
                .Record(
                    new Event.ShadowReported(
                        new ReleaseId(2),
                        "gw-1",
                        new(
                            1_204,
                            1_190,
                            9,
                            1,
                            ByName.Of<long>(("2xx", 1_190), ("4xx", 4), ("5xx", 10)),
                            4_093_600,
                            3_732_400,
                            31
                        )
                    )
                ),
            2
        );

    [Fact]
    public Task ShowOfABuildTellsItsStages() =>
        ShowAsync(
            "show-building",
            new Story()
                .Begun()
                .Asked("First version")
                .At(BuildStage.Checkout)
                .At(BuildStage.Smoke)
                .Tested("smoke", 12)
                .At(BuildStage.Full)
                .After(4.5),
            1
        );

    [Fact]
    public Task ShowOfAFailedBuildEndsWithItsLastLines() =>
        ShowAsync(
            "show-failed",
            new Story()
                .Begun()
                .Asked("Break a test")
                .At(BuildStage.Smoke)
                .Tested("smoke", 11, "TransfersAreBooked")
                .Record(new Event.BuildFailed(new ReleaseId(1), BuildStage.Smoke, "suite smoke: 1 of 12 cases failed"))
                .After(60),
            1,
            "/home/mintmark/builds/rel-1",
            "Failed TransfersAreBooked",
            "  expected 10.00 but was 9.99"
        );

    [Fact]
    public Task ShowOfARefusalNamesTheControl() =>
        ShowAsync(
            "show-refused",
            Story
                .WithAVersionInService()
                .Asked("Statements by month")
                .Built()
                .Gated(new ControlResult("not-frozen", false, "frozen by carol: audit week")),
            2
        );

    [Fact]
    public Task ShowOfARollbackTellsTheVerdict() =>
        ShowAsync(
            "show-rolled-back",
            Story
                .OnTheRamp()
                .Counted(
                    ArmTally.Of(1_500, 1, ("errors", 1), ("signal.declined", 6), ("slow-p99", 15)),
                    ArmTally.Of(520, 31, ("errors", 31), ("signal.declined", 40), ("slow-p99", 5)) with
                    {
                        Value = ByName.Of<decimal>(("BTC", 0.00000001m), ("EUR", 12_345.5m)),
                    }
                )
                .Judged(Verdict.Worse, "31 errors in 520 requests against 1 in 1,500", 9.4m),
            2
        );

    [Fact]
    public async Task ReleasesAreListedNewestFirst()
    {
        var story = Story.OnTheRamp();
        using var mint = new Mint { Now = story.Now };
        await using var api = await CannedApi.StartAsync(
            mint,
            app => app.MapGet("/api/releases", (string? service) => service == "none" ? [] : story.Answers())
        );
        Golden.Matches("releases", (await mint.RunAsync("releases")).Out);
        Assert.Equal("no release of none yet\n", (await mint.RunAsync("releases", "none")).Out);
    }

    [Theory]
    [InlineData("trace-serving", "bank-1", null)]
    [InlineData(
        "trace-request",
        "bank-2.2.mmo11a00.1f",
        "answered by bank-2 on i-2: the log has that instance running then"
    )]
    public async Task ATraceGoesFromTheCommitToWhereItRuns(string golden, string asked, string? claim)
    {
        var story = Story.OnTheRamp();
        using var mint = new Mint { Now = story.Now };
        await using var api = await CannedApi.StartAsync(
            mint,
            app => app.MapGet("/api/trace", (string of) => story.Trace(of, Mark.Parse(asked[..6]), claim))
        );
        Golden.Matches(golden, (await mint.RunAsync("trace", asked)).Out);
    }

    [Fact]
    public async Task OnATerminalTheSameWordsComeInColour()
    {
        var story = Story.OnTheRamp();
        using var mint = new Mint { Now = story.Now, IsLive = true };
        await using var api = await CannedApi.StartAsync(mint, app => app.MapGet("/api/status", () => story.Status()));
        var colourful = (await mint.RunAsync("status")).Out;
        var plain = (await mint.RunAsync("status", "--plain")).Out;
        Assert.Contains('\e', colourful);
        Assert.DoesNotContain('\e', plain);
        Assert.Contains("bank-1", colourful, StringComparison.Ordinal);
    }

    internal static StatusAnswer TurnedAway(StatusAnswer status, DateTimeOffset now) =>
        status with
        {
            Gateway = status.Gateway with
            {
                Table = new(0, now.AddMinutes(-90), FromDisk: true, Heard: now),
                Connections = new(1_214, 20_000, 512),
                TurnedAway = new(
                    now.AddHours(-30),
                    new Dictionary<string, long>(StringComparer.Ordinal)
                    {
                        ["malformed"] = 17,
                        ["connections-of-one"] = 41_233,
                    },
                    [
                        new("203.0.113.7", 41_000, 0, now.AddSeconds(-2), "connections-of-one"),
                        new("2001:db8:1:2::/64", 9, 3, now.AddMinutes(-14), "malformed"),
                        new("198.51.100.2", 8, 0, now.AddMinutes(-16), "malformed"),
                    ]
                ),
            },
        };

    private static async Task StatusAsync(string golden, Story story, Func<Story, StatusAnswer> status)
    {
        using var mint = new Mint { Now = story.Now };
        await using var api = await CannedApi.StartAsync(mint, app => app.MapGet("/api/status", () => status(story)));
        var said = await mint.RunAsync("status");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        Golden.Matches(golden, said.Out);
    }

    private static async Task ShowAsync(
        string golden,
        Story story,
        int release,
        string? log = null,
        params string[] lastLines
    )
    {
        using var mint = new Mint { Now = story.Now };
        await using var api = await CannedApi.StartAsync(
            mint,
            app => app.MapGet($"/api/releases/rel-{release}", () => story.Answer(release, log, lastLines))
        );
        var said = await mint.RunAsync("show", $"rel-{release}");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        Golden.Matches(golden, said.Out);
    }
}
