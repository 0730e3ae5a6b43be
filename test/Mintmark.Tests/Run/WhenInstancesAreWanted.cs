using Mintmark.Run;
using Xunit;

namespace Mintmark.Tests.Run;

public sealed class WhenInstancesAreWanted
{
    static Story Serving() => new Story().Released().Healthy(1).Promoted(1).GuardEnded(1);

    static Story InGuard() => Serving().Released().Healthy(2).Promoted(2);

    [Fact]
    public void NothingShippedWantsNothing() => Assert.Empty(World.Of().Planned(new Story()));

    [Fact]
    public void ACandidateGetsOne() =>
        Assert.Equal([new RunAction.Add(Story.Version(1))], World.Of().Planned(new Story().Released()));

    [Fact]
    public void ACandidateRunsBesideTheVersionThatServes() =>
        Assert.Equal([new RunAction.Add(Story.Version(2))], World.Of(1).Planned(Serving().Released()));

    [Fact]
    public void OneIsEnough() => Assert.Empty(World.Of(1, 2).Planned(Serving().Released().Healthy(2)));

    [Fact]
    public void AsManyRunAsTheManifestSays()
    {
        var three = new Story { Instances = 3 }.Released();
        Assert.Equal(Enumerable.Repeat<RunAction>(new RunAction.Add(Story.Version(1)), 3), World.Of().Planned(three));
        Assert.Equal([new RunAction.Add(Story.Version(1))], World.Of(1, 2).Planned(three.Healthy(1).Healthy(1)));
        Assert.Empty(World.Of(1, 2, 3).Planned(three.Healthy(1)));
    }

    [Fact]
    public void OneOfSeveralThatEndedIsReplacedAlone()
    {
        var three = new Story { Instances = 3 }
            .Released()
            .Healthy(1)
            .Healthy(1)
            .Healthy(1)
            .Exited(2)
            .Later(10);
        Assert.Equal([new RunAction.Add(Story.Version(1))], World.Of(1, 3).Planned(three));
    }

    [Fact]
    public void OneTooManyIsNoLongerNeeded()
    {
        var two = new Story { Instances = 2 }
            .Released()
            .Healthy(1)
            .Healthy(1)
            .Healthy(1);
        Assert.Equal([new RunAction.Stop(Story.Id(3), "no longer needed")], World.Of(1, 2, 3).Planned(two));
    }

    [Fact]
    public void TheVersionBeforeIsKeptWarmInGuard() => Assert.Empty(World.Of(1, 2).Planned(InGuard()));

    [Fact]
    public void AfterTheGuardItIsNoLongerNeeded() =>
        Assert.Equal(
            [new RunAction.Stop(Story.Id(1), "no longer needed")],
            World.Of(1, 2).Planned(InGuard().GuardEnded(2))
        );

    [Fact]
    public void AfterARollbackTheCandidateIsNoLongerNeeded() =>
        Assert.Equal(
            [new RunAction.Stop(Story.Id(2), "no longer needed")],
            World.Of(1, 2).Planned(Serving().Released().Healthy(2).RolledBack(2))
        );

    [Fact]
    public void ARollbackInGuardStopsTheNewVersionAndKeepsTheOld() =>
        Assert.Equal(
            [new RunAction.Stop(Story.Id(2), "no longer needed")],
            World.Of(1, 2).Planned(InGuard().RolledBack(2))
        );

    [Fact]
    public void AWarmVersionThatDiedIsReplaced() =>
        Assert.Equal([new RunAction.Exit(Story.Id(1), null)], World.Of(2).Planned(InGuard()));

    [Fact]
    public void AHaltKeepsInstancesRunning() =>
        Assert.Empty(World.Of(1).Planned(Serving().And(new Mintmark.Releases.Event.Halted(null, "red button"))));

    [Fact]
    public void WhatTheLogDoesNotExplainIsKilled()
    {
        var story = Serving().Released().Healthy(2).RolledBack(2).Exited(2);
        Assert.Equal(
            [new RunAction.KillStray(Story.Id(2)), new RunAction.KillStray(Story.Id(7))],
            World.Of(1, 2, 7).Planned(story)
        );
    }
}
