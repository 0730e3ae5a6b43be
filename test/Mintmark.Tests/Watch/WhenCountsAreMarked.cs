using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenCountsAreMarked
{
    [Fact]
    public void MarksAreTenSecondsApartAndOfAllGateways()
    {
        using var story = InMemory().Serving().Ramping();
        story.After(9).Counted(Arm(100), Arm(5), "g-1");
        Assert.Null(story.Release.Steps[0].Marks);

        story.After(1).Counted(Arm(50), Arm(5), "g-2").After(9).Counted(Arm(300), Arm(9), "g-1");

        var mark = Assert.Single(story.Release.Steps[0].Marks!);
        Assert.Equal((150, 10), (mark.BaselineRequests, mark.CandidateRequests));
    }

    [Fact]
    public void OnlyTheLastAreKeptAndNoneOfAStepThatIsOver()
    {
        using var story = InMemory().Serving().Ramping();
        for (var i = 1; i <= CountMark.Most + 20; i++)
            story.After(10).Counted(Arm(i * 100), Arm(i));
        Assert.Equal(CountMark.Most, story.Release.Steps[0].Marks!.Count);
        Assert.Equal(2_100, story.Release.Steps[0].Marks![0].BaselineRequests);

        story.GoodEnough().SteppedUp();

        Assert.All(story.Release.Steps, step => Assert.Null(step.Marks));
    }

    [Fact]
    public void AClockThatIsSetBackDoesNotStopThem()
    {
        using var story = InMemory().Serving().Ramping().After(20).Counted(Arm(100), Arm(5));
        story.After(-3_600).Counted(Arm(200), Arm(9)).After(10).Counted(Arm(300), Arm(12));
        Assert.Equal([100, 200, 300], story.Release.Steps[0].Marks!.Select(m => m.BaselineRequests));
    }

    private static ArmTally Arm(long requests) => ArmTally.Of(requests, 0);
}
