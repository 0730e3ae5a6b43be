using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenAnInvariantBreaks
{
    private static readonly ArmTally Enough = ArmTally.Of(200, 0);

    [Fact]
    public void ThatTheBaselineKeepsTheCandidateIsWorse()
    {
        using var story = InMemory().Serving().Starting().Reported(Mark(1)).Healthy().SteppedUp();
        story.Reported(Mark(2), "the sum is 0.01");

        var (verdict, reason, evidence) = Now(story);

        Assert.Equal(Verdict.Worse, verdict);
        Assert.Equal("breaks what bank-1 keeps: postings-sum-to-zero (the sum is 0.01)", reason);
        Assert.Null(evidence);
    }

    /// <summary>As after a clock that was an hour ahead when the release was asked for.</summary>
    [Fact]
    public void AClockThatWasSetBackHidesNothing()
    {
        using var story = InMemory().Serving().Waiting().After(-3_600).Admitted().Started().Reported(Mark(1)).Healthy();
        story.SteppedUp().Reported(Mark(2), "the sum is 0.01");

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Fact]
    public void WhatWasReportedInTheStepCountsThoughTheClockWasSetBackInIt()
    {
        using var story = InMemory().Serving().Ramping().Counted(Enough, Enough).After(-3_600).Reported(Mark(2));

        Assert.Equal(Verdict.GoodEnough, Now(story).Verdict);
    }

    [Fact]
    public void ThatTheBaselineKeptBeforeItsDataWereSharedTheCandidateIsWorse()
    {
        using var story = InMemory().Serving().Starting().Reported(Mark(1)).Healthy().SteppedUp();
        story.Reported(Mark(1), "the sum is 0.01").Reported(Mark(2), "the sum is 0.01");

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Fact]
    public void ThatWasBrokenBeforeTheStepWaitsForPeople()
    {
        using var story = InMemory().Serving().Starting().Reported(Mark(1), "the sum is 0.01").Healthy().SteppedUp();
        story.Reported(Mark(2), "the sum is 0.01").Counted(ArmTally.None, Enough);

        var (verdict, reason, _) = Now(story);

        Assert.Equal(Verdict.NotEnoughEvidence, verdict);
        Assert.Equal("invariant postings-sum-to-zero is broken, though not by bank-2 alone: the sum is 0.01", reason);
    }

    [Fact]
    public void TheCandidateIsWorseBeforeItHasTraffic()
    {
        using var story = InMemory().Serving().Starting().Reported(Mark(1)).Healthy().Reported(Mark(2), "off by 1");

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Fact]
    public void AfterPromotionItIsWorseToo()
    {
        using var story = InMemory().Serving().Starting().Reported(Mark(1)).Healthy().SteppedUp().GoodEnough();
        story.SteppedUp().GoodEnough().SteppedUp().GoodEnough().Then(new Event.Promoted(story.Release.Id));

        story.Reported(Mark(2), "the sum is 0.01");

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Fact]
    public void OnTheBaselineAloneTheCandidateIsNotToBlame()
    {
        using var story = InMemory().Serving().Starting().Reported(Mark(1)).Healthy().SteppedUp();
        story.Reported(Mark(1), "stale cache").Reported(Mark(2)).Counted(ArmTally.None, Enough);

        Assert.Equal(Verdict.GoodEnough, Now(story).Verdict);
    }

    [Fact]
    public void AFirstReleaseHasNobodyToBeWorseThan()
    {
        using var story = InMemory().Starting().Healthy();
        story.Then(new Event.Promoted(story.Release.Id)).Reported(Mark(1), "the sum is 0.01");

        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);
    }

    [Fact]
    public void AReturnToAGoodVersionIsNotHeldUpByIt()
    {
        using var story = InMemory().Serving().Guarding().After(600);
        story.Then(new Event.GuardEnded(story.Release.Id), new Event.InstanceStopping(new(1), "retired"));
        story.Exited(Mark(1), 0).After(60).Do(new Command.Rollback(Bank, null, "the sums are off"));
        story.Admitted().Reported(Mark(2)).Started().Healthy().Reported(Mark(1), "the sum is 0.01");

        Assert.Equal(ReleaseKind.Return, story.Release.Kind);
        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);
    }

    [Fact]
    public void UnknownInvariantsKeepAStepOpen()
    {
        using var story = InMemory().Serving().Starting().Reported(Mark(1)).Healthy().Reported(Mark(2)).SteppedUp();
        story.Counted(ArmTally.None, Enough);
        Assert.Equal("bank-2 has not reported its invariants in this step", Now(story).Reason);

        story.Reported(Mark(2));

        Assert.Equal(Verdict.GoodEnough, Now(story).Verdict);
    }

    [Fact]
    public void AServiceWithoutInvariantsNeedNone()
    {
        using var story = InMemory().Serving().Ramping(Declared with { InvariantsPath = null });
        story.Counted(ArmTally.None, Enough);

        Assert.Equal(Verdict.GoodEnough, Now(story).Verdict);
    }

    private static VerdictNow Now(Story story) => Verdicts.Of(story.State, story.Release, story.Now, story.Now);
}
