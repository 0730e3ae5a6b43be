using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Ship;
using Mintmark.Tests.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Ship;

public sealed class WhenAReleaseIsShadowed
{
    private static readonly Manifest Shadowed = Declared with
    {
        InvariantsPath = null,
        Rollout = Declared.Rollout with { Shadow = new(new Share(2_000), 100, 60, ShadowPlan.SafeMethods) },
    };

    [Fact]
    public void TheFirstStepComesWhenEnoughCopiesWereAnswered()
    {
        using var story = InMemory().Serving().Starting(Shadowed).Healthy();
        Assert.Null(Next(story));
        Assert.Null(Next(Copied(story, 99)));
        Assert.StartsWith(
            "bank-2 answers copies of 20 % of the requests, for nobody: 99 of 100, until",
            Explained(story),
            StringComparison.Ordinal
        );

        Assert.IsType<Event.StepTaken>(Next(Copied(story, 100)));
    }

    [Fact]
    public void WithoutRequestsItComesWhenTheTimeIsOver()
    {
        using var story = InMemory().Serving().Starting(Shadowed).After(1_000).Healthy();

        Assert.Null(Next(story.After(59)));
        Assert.IsType<Event.StepTaken>(Next(story.After(1)));
    }

    [Theory]
    [InlineData(4, 0, true)]
    [InlineData(5, 0, false)]
    [InlineData(10, 4, false)]
    [InlineData(10, 5, true)]
    public void CopiesThatFailedAloneHoldItUpBeyondWhatIsTolerated(int alone, int baseline, bool goesOn)
    {
        using var story = Copied(InMemory().Serving().Starting(Shadowed).Healthy(), 100, alone, baseline).After(60);

        Assert.Equal(goesOn, Next(story) is Event.StepTaken);
        Assert.Equal(
            goesOn ? "bank-2 is healthy" : $"held in doubt: it failed {alone} that bank-1 did not",
            Explained(story).Split("; ")[^1]
        );
    }

    [Fact]
    public void GatewaysAddUpAndALateReportTakesNothingAway()
    {
        using var story = InMemory().Serving().Starting(Shadowed).Healthy();
        Copied(Copied(Copied(story, 60), 40), 39, gateway: "g-2");
        Assert.Null(Next(story));

        Assert.IsType<Event.StepTaken>(Next(Copied(story, 40, gateway: "g-2")));
        Assert.Equal(100, story.Release.Shadow!.Total().Copies);
    }

    [Fact]
    public void ItIsRoutedFromTheStartToTheFirstStep()
    {
        using var story = InMemory().Serving();
        Assert.Null(Routed(story));
        Assert.Empty(Routed(story.Starting(Shadowed))!.Candidate.Targets);

        var routed = Routed(story.Healthy())!;

        Assert.Equal(
            (new(2), Mark(2), 20_002),
            (routed.Release, routed.Candidate.Mark, routed.Candidate.Targets[0].Port)
        );
        Assert.Null(Routed(story.SteppedUp()));
    }

    [Fact]
    public void NeitherAFirstVersionNorAReturnHasOne()
    {
        using var story = InMemory().Starting(Shadowed).Healthy();
        Assert.Null(Routed(story));
        Assert.Equal(new Event.Promoted(new(1)), Next(story));
        story.Then(new Event.Promoted(new(1))).After(600).Then(new Event.GuardEnded(new(1)));
        story.Guarding(Shadowed).After(600).Then(new Event.GuardEnded(new(2))).Exited(Mark(1), 0);

        story.Do(new Command.Rollback(Bank, null, "sums off")).Admitted().Started().Healthy();

        Assert.Null(Routed(story));
        Assert.Equal(new Event.Promoted(new(3)), Next(story));
    }

    [Fact]
    public void ReportsAreTakenWhileItLasts()
    {
        using var story = InMemory().Serving().Starting(Shadowed).Healthy();
        var report = Report(Counts(10, alone: 0));
        Assert.Empty(Reports.Shadowed(story.State, report, due: false));
        story.Then(Assert.Single(Reports.Shadowed(story.State, report, due: true)));
        Assert.Empty(Reports.Shadowed(story.State, report, due: true));
        // That it failed is news at once.
        var failed = Assert.Single(Reports.Shadowed(story.State, Report(Counts(11, alone: 1)), due: false));

        story.SteppedUp();

        Assert.Empty(Reports.Shadowed(story.State, Report(Counts(11, alone: 1)), due: true));
        Assert.IsType<Decision.Refused>(
            Decider.Decide(story.State, new Command.Record(failed), new Actor("mintmark/watch"))
        );
    }

    private static GatewayReport Report(ShadowTally counts) =>
        new("g-1", 1, 1, [], [], [], [], [], null, [new(new(2), counts)]);

    private static Shadowing? Routed(Story story) => Assert.Single(Routes.From(story.State).Services).Shadow;

    private static ShadowTally Counts(long copies, long alone, long baseline = 0) =>
        new(copies, copies - alone - baseline, alone, baseline, ByName<long>.Empty, copies * 900, copies * 800, 2);

    private static Story Copied(Story story, long copies, long alone = 0, long baseline = 0, string gateway = "g-1") =>
        story.Then(new Event.ShadowReported(story.Release.Id, gateway, Counts(copies, alone, baseline)));

    private static Event? Next(Story story) => Planner.Next(story.State, story.Release, story.Now, _ => Past.Unknown);

    private static string Explained(Story story) =>
        Progress.Explain(story.State, story.Release, story.Now, _ => throw new InvalidOperationException());
}
