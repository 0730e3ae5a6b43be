using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenACandidateCannotStayUp
{
    [Fact]
    public void OneExitIsForgivenAndTheSecondIsNot()
    {
        using var story = InMemory().Serving().Starting().Exited(Mark(2), 134);
        Assert.Equal("bank-2 is not healthy yet", Now(story).Reason);

        story.Started().Exited(Mark(2), 139);

        Assert.Equal(
            new VerdictNow(Verdict.Worse, "exited 2 times, last with code 139: killed by a signal"),
            Now(story)
        );
    }

    [Fact]
    public void AFirstReleaseThatDoesNotStartIsWorseThanNothing()
    {
        using var story = InMemory().Starting().Exited(Mark(1), 1).Started().Exited(Mark(1), 1);

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Theory]
    [InlineData(29.9, Verdict.NotEnoughEvidence)]
    [InlineData(30, Verdict.Worse)]
    public void ItHasItsTimeToBecomeHealthy(double seconds, Verdict expected)
    {
        using var story = InMemory().Serving().Starting();
        var watching = story.Now;

        story.After(seconds);

        Assert.Equal(expected, Verdicts.Of(story.State, story.Release, story.Now, watching).Verdict);
    }

    [Fact]
    public void TheTimeInWhichNobodyLookedIsGivenBack()
    {
        using var story = InMemory().Serving().Starting().After(300);

        var restarted = Verdicts.Of(story.State, story.Release, story.Now, watching: story.Now);

        Assert.Equal(Verdict.NotEnoughEvidence, restarted.Verdict);
    }

    [Fact]
    public void UnhealthyUnderTrafficIsWorseAtOnce()
    {
        using var story = InMemory().Serving().Ramping();
        story.Then(new Event.InstanceHealthChanged(new(2), false, "answers 500"));

        Assert.Equal(new VerdictNow(Verdict.Worse, "unhealthy while bank-1 is healthy: answers 500"), Now(story));
    }

    [Fact]
    public void WhatBringsBothDownIsNotItsFault()
    {
        using var story = InMemory().Serving().Ramping();
        story.Then(new Event.InstanceHealthChanged(new(1), false, "no database"));
        story.Then(new Event.InstanceHealthChanged(new(2), false, "no database"));

        Assert.Equal(new VerdictNow(Verdict.NotEnoughEvidence, "bank-2 has no healthy instance", 0m), Now(story));
    }

    [Fact]
    public void RestartsOfTheMachineCountOnBothSides()
    {
        using var story = InMemory().Serving().Ramping();
        foreach (var _ in Enumerable.Range(0, 2))
        {
            story.Exited(Mark(1), 255).Exited(Mark(2), 255).Started(Mark(1)).Started(Mark(2));
            story.Then(new Event.InstanceHealthChanged(story.Newest(Mark(1)).Id, true, "answers 200")).Healthy();
        }

        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);
        Assert.Equal(Verdict.Worse, Now(story.Exited(Mark(2), 139)).Verdict);
    }

    [Fact]
    public void AfterPromotionTrafficGoesBackToTheOldVersion()
    {
        using var story = InMemory().Serving().Guarding().Exited(Mark(2), 139).Started().Exited(Mark(2), 139);

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Fact]
    public void AFirstReleaseInServiceIsStartedAgainForAsLongAsItTakes()
    {
        using var story = InMemory().Starting().Healthy();
        story.Then(new Event.Promoted(story.Release.Id));
        story.Exited(Mark(1), 139).Started().Exited(Mark(1), 139).Started().After(3_600);

        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);
    }

    [Fact]
    public void ExitsBeforeAReturnDoNotCountAgainstIt()
    {
        using var story = InMemory().Serving().Exited(Mark(1), 1).Started(Mark(1)).Exited(Mark(1), 1).Started(Mark(1));
        story.Then(new Event.InstanceHealthChanged(story.Newest(Mark(1)).Id, true, "answers 200"));
        story.After(60).Guarding().After(600).Then(new Event.GuardEnded(story.Release.Id));
        story.Exited(Mark(1), 0).After(60).Do(new Command.Rollback(Bank, null, "back")).Admitted();
        story.Started().Exited(Mark(1), 1);
        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);

        story.Started().Exited(Mark(1), 1);

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Fact]
    public void ARestartOfTheMachineIsForgivenToEachOfItsInstances()
    {
        using var story = InMemory().Serving().Starting(With(2)).Started().Exited(2).Exited(3);
        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);

        story.Started().Exited(Mark(2), 1);

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Fact]
    public void WhatHasMoreInstancesThanTheOldVersionExitsMoreOftenWithTheMachine()
    {
        using var story = InMemory().Serving();
        story.Waiting(With(3)).Admitted().Started().Healthy().Started().Healthy().Started().Healthy().SteppedUp();
        for (var number = 1; number <= 4; number++)
            story.Exited(number);
        for (var round = 0; round < 2; round++)
        {
            var first = story.State.Instances.Count + 1;
            story.Started(Mark(1)).Started().Started().Started();
            for (var number = first; number <= first + 3; number++)
                story.Exited(number);
        }
        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);

        story.Started().Exited(Mark(2), 1);

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Theory]
    [InlineData(29.9, Verdict.NotEnoughEvidence)]
    [InlineData(30, Verdict.Worse)]
    public void EachOfItsInstancesHasItsTimeToBecomeHealthy(double seconds, Verdict expected)
    {
        using var story = InMemory().Serving().Starting(With(2)).Healthy();
        var watching = story.Started().Now;

        var now = Verdicts.Of(story.State, story.Release, story.After(seconds).Now, watching);

        Assert.Equal(expected, now.Verdict);
        Assert.Equal(expected == Verdict.Worse, now.Reason == "i-3 is not healthy within 30 seconds");
    }

    [Fact]
    public void AReturnGoesOnWithOneOfItsInstances()
    {
        using var story = InMemory().Starting(With(2)).Healthy().Started().Healthy();
        story.Then(new Event.Promoted(story.Release.Id)).After(600).Then(new Event.GuardEnded(story.Release.Id));
        story.Guarding().After(600).Then(new Event.GuardEnded(story.Release.Id)).Exited(1).Exited(2);
        story.Do(new Command.Rollback(Bank, null, "back")).Admitted();
        story.Started().Healthy().Started().After(300);

        Assert.NotEqual(Verdict.Worse, Verdicts.Of(story.State, story.Release, story.Now, default).Verdict);
    }

    [Fact]
    public void ExitsAreCountedThoughTheClockWasSetBack()
    {
        using var story = InMemory().Serving().Waiting().After(-3_600).Admitted().Started().Exited(Mark(2), 1);

        Assert.Equal(Verdict.Worse, Now(story.Started().Exited(Mark(2), 1)).Verdict);
    }

    [Theory]
    [InlineData(3_600)]
    [InlineData(-3_600)]
    public async Task AClockThatIsSetMakesItNeitherLateNorEverlasting(int set)
    {
        using var story = InAJournal().Serving().Starting();
        var watch = new WatchReconciler(story.Journal!, new ScriptedProbe(), story.Clock);
        await watch.ReconcileAsync(CancellationToken.None);

        story.Clock.SetWrong(TimeSpan.FromSeconds(set));
        await watch.ReconcileAsync(CancellationToken.None);
        Assert.Null(story.State.Releases[new(2)].Outcome);

        story.After(30);
        await watch.ReconcileAsync(CancellationToken.None);
        Assert.Equal(Outcome.RolledBack, story.State.Releases[new(2)].Outcome);
    }

    private static Manifest With(int instances) => Declared with { Run = Declared.Run with { Instances = instances } };

    private static VerdictNow Now(Story story) => Verdicts.Of(story.State, story.Release, story.Now, story.Now);
}
