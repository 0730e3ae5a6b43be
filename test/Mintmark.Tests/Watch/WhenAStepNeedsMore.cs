using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenAStepNeedsMore
{
    private static readonly ArmTally Calm = ArmTally.Of(4_000, 2, ("errors", 2), ("slow-p99", 40));

    [Fact]
    public void TheRequestsThatAreMissingAndTheirTimeAreToldAtTheStepsOwnRate()
    {
        using var story = InMemory().Serving().Ramping().After(60).Counted(Calm, ArmTally.Of(120, 0, ("slow-p99", 1)));
        Assert.Equal(new Outlook(80, 2, 40), Now(story));
    }

    [Fact]
    public void RequestsOfEarlierStepsSayNothingOfTheRate()
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .After(60)
            .Counted(Calm, ArmTally.Of(5_000, 0, ("slow-p99", 1)));
        story.GoodEnough().SteppedUp().After(100).Counted(Calm, ArmTally.Of(50, 0));
        Assert.Equal(new Outlook(950, 0.5, 1_900), Now(story));
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(120, 0)]
    [InlineData(120, -3_600)]
    public void WithoutRequestsOrTimeNoRateIsTold(int requests, int seconds)
    {
        using var story = InMemory().Serving().Ramping().After(seconds).Counted(Calm, ArmTally.Of(requests, 0));
        Assert.Equal(new Outlook(200 - requests, null, null), Now(story));
    }

    [Fact]
    public void AStepWithAllItsRequestsNeedsNone()
    {
        using var story = InMemory().Serving().Ramping().After(60).Counted(Calm, ArmTally.Of(200, 0, ("slow-p99", 1)));
        Assert.Null(Now(story));
        Assert.Null(Now(story.GoodEnough()));
    }

    [Fact]
    public void OutsideOfStepsNothingIsTold()
    {
        using var story = InMemory().Serving().Starting();
        Assert.Null(Now(story));
    }

    private static Outlook? Now(Story story) => Outlook.Of(story.State, story.Release, story.Now);
}
