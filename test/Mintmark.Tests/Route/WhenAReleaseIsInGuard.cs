using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Tests.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Route;

public sealed class WhenAReleaseIsInGuard
{
    [Fact]
    public void TheOldVersionKeepsItsHoldbackAndTheTwoAreCompared()
    {
        var route = RouteOf(Guarded(500));

        Assert.Equal(Mark(1), route.Baseline!.Mark);
        Assert.Equal(Mark(2), route.Comparison!.Candidate.Mark);
        Assert.Equal((3, new Share(9_500)), (route.Comparison.Step, route.Comparison.Share));
        Assert.Equal(3, route.Comparison.Past.Count);
    }

    [Fact]
    public void WithoutAHoldbackTheNewVersionHasAllAndIsStillCounted()
    {
        var route = RouteOf(Guarded(0));

        Assert.Equal(Mark(1), route.Baseline!.Mark);
        Assert.Equal(new Share(Share.Whole), route.Comparison!.Share);
    }

    [Fact]
    public void AnOldVersionThatDiesLeavesAllToTheNewOne()
    {
        var route = RouteOf(Guarded(500).Exited(Mark(1), 1));

        Assert.Equal(Mark(2), route.Baseline!.Mark);
        Assert.Single(route.Baseline.Targets);
        Assert.Null(route.Comparison);
    }

    [Fact]
    public void ANewVersionThatDiesLeavesAllToTheOldOneUntilTheVerdict()
    {
        var route = RouteOf(Guarded(500).Exited(Mark(2), 1));

        Assert.Equal(Mark(1), route.Baseline!.Mark);
        Assert.Single(route.Baseline.Targets);
        Assert.Empty(route.Comparison!.Candidate.Targets);
    }

    [Fact]
    public void AfterTheGuardAllGoesToTheNewVersion()
    {
        using var story = Guarded(500);
        var route = RouteOf(story.Then(new Event.GuardEnded(story.Release.Id)));

        Assert.Equal((Mark(2), null), (route.Baseline!.Mark, route.Comparison));
    }

    [Fact]
    public void ATripOfTheGatewayAndItsCountsAreHeard()
    {
        using var story = Guarded(500);
        var counts = ArmTally.None with { Requests = 7 };
        var report = new GatewayReport(
            "g-1",
            1,
            story.State.Size,
            [new StepReport(story.Release.Id, 3, counts, counts, Tripped: true)],
            [],
            [],
            [],
            []
        );

        Assert.Equal(3, Assert.Single(Reports.News(story.State, report, due: true)).Step);
        Assert.Single(Reports.Trips(story.State, report));
    }

    private static Story Guarded(int holdback) =>
        InMemory()
            .Serving()
            .Guarding(Declared with { Rollout = Declared.Rollout with { Holdback = new Share(holdback) } });

    private static ServiceRoute RouteOf(Story story) => Assert.Single(Routes.From(story.State).Services);
}
