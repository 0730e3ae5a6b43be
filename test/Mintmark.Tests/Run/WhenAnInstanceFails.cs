using Mintmark.Releases;
using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenAnInstanceFails
{
    static readonly RunAction Another = new RunAction.Add(Story.Version(1));

    static Story Serving() => new Story().Released().Healthy(1).Promoted(1).GuardEnded(1);

    static Story Unhealthy() => Serving().And(new Event.InstanceHealthChanged(Story.Id(1), false, "answers 503"));

    [Fact]
    public void ItsExitIsRecordedAndItsChildrenAreKilled()
    {
        var child = new LiveProcess(Story.Id(1), 55, 5, false, 0);
        Assert.Equal(
            [new RunAction.Kill(Story.Id(1)), new RunAction.Exit(Story.Id(1), null)],
            new World([child]).Planned(Serving())
        );
    }

    [Fact]
    public void APidThatWasGivenToAnotherIsNotTakenForIt()
    {
        var later = World.Process(1) with { StartTicks = 1001 };
        Assert.Contains(new RunAction.Exit(Story.Id(1), null), new World([later]).Planned(Serving()));
    }

    [Fact]
    public void TheFirstCrashOfALongLifeIsMadeGoodAtOnce() =>
        Assert.Equal([Another], World.Of().Planned(Serving().Later(3600).Exited(1)));

    [Fact]
    public void AfterThatItWaitsTwiceAsLongEachTime()
    {
        var story = Serving().Exited(1);
        foreach (var wait in (double[])[0.25, 0.5, 1, 2, 4, 8, 16, 30, 30])
        {
            Assert.Empty(World.Of().Planned(story.Later(wait - 0.001)));
            Assert.Equal([Another], World.Of().Planned(story.Later(0.001)));
            story.Started(1).Exited(story.State.Instances.Count);
        }
    }

    [Fact]
    public void AClockThatIsSetBackDoesNotKeepItDown()
    {
        var story = Serving().Exited(1).Started(1).Exited(2);
        Assert.Equal([Another], World.Of().Planned(story.Later(-3600)));
    }

    [Fact]
    public void ExitsThatWereWantedAreNotHeldAgainstIt() =>
        Assert.Equal([Another], World.Of().Planned(Serving().Stopping(1).Exited(1, RunReasons.NotNeeded)));

    [Fact]
    public void AnotherVersionsExitsAreNotHeldAgainstIt()
    {
        var story = Serving().Released().Started(2).Exited(2);
        Assert.Equal([new RunAction.Add(Story.Version(2))], World.Of(1).Planned(story.Later(0.25)));
    }

    [Fact]
    public void UnhealthyForTooLongItIsStoppedAndReplaced()
    {
        var story = Unhealthy().Later(15);
        Assert.Empty(World.Of(1).Planned(story));
        var stop = new RunAction.Stop(Story.Id(1), "not healthy for 15 s");
        Assert.Equal([stop, Another], World.Of(1).Planned(story.Later(0.1)));
    }

    [Fact]
    public void ItIsReplacedThoughTheClockWasSetBack() =>
        Assert.IsType<RunAction.Stop>(World.Of(1).Planned(Unhealthy().Later(-3600))[0]);

    [Fact]
    public void NeverHealthyInItsTimeItIsStoppedAndReplaced()
    {
        var story = Serving().Exited(1).Started(1).Later(20);
        Assert.Empty(World.Of(2).Planned(story));
        Assert.Contains(new RunAction.Stop(Story.Id(2), "not healthy for 20 s"), World.Of(2).Planned(story.Later(0.1)));
    }

    [Fact]
    public void ACandidateIsLeftToTheJudge()
    {
        var story = Serving().Released().Started(2).Later(1000);
        Assert.Empty(World.Of(1, 2).Planned(story));
        story.And(new Event.InstanceHealthChanged(Story.Id(2), false, "answers 503")).Later(1000);
        Assert.Empty(World.Of(1, 2).Planned(story));
    }

    [Fact]
    public void AboveItsMemoryLimitItIsStoppedAndReplaced()
    {
        var limit = Story.Manifest().Run.MemoryBytes;
        Assert.Empty(new World([World.Process(1, limit)]).Planned(Serving()));
        var child = new LiveProcess(Story.Id(1), 55, 5, false, 1);
        var stop = new RunAction.Stop(Story.Id(1), "memory limit exceeded: 256 of 256 MiB");
        Assert.Equal([stop, Another], new World([World.Process(1, limit), child]).Planned(Serving()));
    }
}
