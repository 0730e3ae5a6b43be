using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenAnInstanceIsPlanned
{
    static Story Planned() => new Story().Released().Planned(1);

    [Fact]
    public void ItIsLaunched() => Assert.Equal([new RunAction.Launch(Story.Id(1))], World.Of().Planned(Planned()));

    [Fact]
    public void ItIsAdoptedWhereACrashCameBetweenProcessAndLog() =>
        Assert.Equal([new RunAction.Adopt(World.Process(1))], World.Of(1).Planned(Planned()));

    [Fact]
    public void OnlyAProcessThatLeadsASessionIsAdopted()
    {
        var child = World.Process(1) with { Leads = false, Pid = 7, StartTicks = 1 };
        Assert.Equal([new RunAction.Adopt(World.Process(1))], new World([child, World.Process(1)]).Planned(Planned()));
    }

    [Fact]
    public void ItIsStoppedWhereTheReleaseHasEnded() =>
        Assert.Equal(
            [new RunAction.Stop(Story.Id(1), "no longer needed")],
            World.Of().Planned(Planned().RolledBack(1))
        );

    [Fact]
    public void StoppedWithoutAProcessItExitsAtOnce() =>
        Assert.Equal(
            [new RunAction.Exit(Story.Id(1), "no longer needed")],
            World.Of().Planned(Planned().RolledBack(1).Stopping(1))
        );
}
