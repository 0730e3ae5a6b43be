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

    private static VerdictNow Now(Story story) => Verdicts.Of(story.State, story.Release, story.Now, story.Now);
}
