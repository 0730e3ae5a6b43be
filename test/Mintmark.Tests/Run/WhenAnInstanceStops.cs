using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenAnInstanceStops
{
    static readonly RunAction Terminate = new RunAction.Terminate(Story.Id(1));
    static readonly RunAction Kill = new RunAction.Kill(Story.Id(1));

    static Story Stopping() => new Story().Released().Healthy(1).RolledBack(1).Stopping(1);

    [Fact]
    public void ItWaitsForTheGatewaysToLetGo()
    {
        Assert.Empty(World.Of(1).Planned(Stopping().Later(29)));
        Assert.Equal([Terminate], new World(World.Process(1)) { Drained = { Story.Id(1) } }.Planned(Stopping()));
    }

    [Fact]
    public void ItDoesNotWaitForEver() => Assert.Equal([Terminate], World.Of(1).Planned(Stopping().Later(30)));

    [Fact]
    public void ItDoesNotWaitForAClockThatWasSetBack()
    {
        Assert.Equal([Terminate], World.Of(1).Planned(Stopping().Later(-3600)));
        var story = Stopping();
        var world = new World(World.Process(1)) { Terminated = { [Story.Id(1)] = story.Now } };
        Assert.Equal([Kill], world.Planned(story.Later(-3600)));
    }

    [Fact]
    public void ItHasTenSecondsToFinish()
    {
        var story = Stopping();
        var world = new World(World.Process(1)) { Terminated = { [Story.Id(1)] = story.Now } };
        Assert.Empty(world.Planned(story.Later(9.9)));
        Assert.Equal([Kill], world.Planned(story.Later(0.1)));
    }

    [Fact]
    public void ItsChildrenHaveThemToo()
    {
        var story = Stopping();
        var child = new LiveProcess(Story.Id(1), 55, 5, false, 0);
        var world = new World(child) { Terminated = { [Story.Id(1)] = story.Now } };
        Assert.Empty(world.Planned(story.Later(9.9)));
        Assert.Equal([Kill], world.Planned(story.Later(0.1)));
    }

    [Fact]
    public void AboveItsMemoryLimitItIsKilledAtOnce() =>
        Assert.Equal([Kill], new World(World.Process(1, 1L << 30)).Planned(Stopping()));

    [Fact]
    public void WithItsLastProcessItHasExited() =>
        Assert.Equal([new RunAction.Exit(Story.Id(1), "no longer needed")], World.Of().Planned(Stopping()));
}
