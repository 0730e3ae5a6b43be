using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenACandidateIsJudged
{
    private static readonly ArmTally Calm = new(4_000, 2, 2, 40, 40);

    [Fact]
    public void MissingRequestsAreNamedWithTheEvidence()
    {
        using var story = InMemory().Serving().Ramping().Reported(Mark(2)).Counted(Calm, new(120, 0, 0, 1, 1));

        var (verdict, reason, evidence) = Now(story);

        Assert.Equal(Verdict.NotEnoughEvidence, verdict);
        Assert.Equal("120 of 200 candidate requests; evidence -1.1 of 7.6", reason);
        Assert.InRange(evidence!.Value, -1.15m, -1.05m);
    }

    [Fact]
    public void EnoughRequestsWithoutAlarmAreGoodEnough()
    {
        using var story = InMemory().Serving().Ramping().Reported(Mark(2)).Counted(Calm, new(200, 0, 0, 2, 2));

        var (verdict, reason, _) = Now(story);

        Assert.Equal(Verdict.GoodEnough, verdict);
        Assert.Equal("0 errors and 2 slow of 200 requests, against 2 and 40 of 4,000; evidence -1.1 of 7.6", reason);
    }

    [Fact]
    public void RequestsOfAnEarlierStepDoNotCountForThisOne()
    {
        using var story = InMemory().Serving().Ramping().Counted(Calm, new(5_000, 0, 0, 5, 5));
        story.GoodEnough().SteppedUp().Reported(Mark(2)).Counted(Calm, new(7, 0, 0, 0, 0));

        Assert.StartsWith("7 of 1,000 candidate requests", Now(story).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(49, Verdict.NotEnoughEvidence)]
    [InlineData(50, Verdict.GoodEnough)]
    public void TolerableErrorsEndAStepEarlyButNotBeforeFiftyRequests(int requests, Verdict expected)
    {
        var baseline = new ArmTally(90_000, 900, 900, 900, 900);
        using var story = InMemory().Serving().Ramping().Reported(Mark(2));
        story.Counted(baseline, new(requests, 2, 2, 2, 2));

        Assert.Equal(expected, Now(story).Verdict);
    }

    [Fact]
    public void ErrorsThatTheBaselineDoesNotHaveAreWorse()
    {
        using var story = InMemory().Serving().Ramping().Reported(Mark(2)).Counted(Calm, new(500, 9, 9, 5, 5));

        var (verdict, reason, evidence) = Now(story);

        Assert.Equal(Verdict.Worse, verdict);
        Assert.StartsWith("9 errors and 5 slow of 500 requests, against 2 and 40 of 4,000", reason, default);
        Assert.True(evidence > 6.9m);
    }

    [Fact]
    public void CountsOfAllStepsAndGatewaysAreWeighedTogether()
    {
        using var story = InMemory().Serving().Ramping().Counted(Calm, new(300, 1, 1, 3, 3), "g-1");
        story.Counted(ArmTally.None, new(300, 1, 1, 3, 3), "g-2").GoodEnough().SteppedUp();
        Assert.NotEqual(Verdict.Worse, Now(story).Verdict);

        story.Counted(ArmTally.None, new(300, 5, 5, 3, 3));

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Fact]
    public void AReportThatComesAfterPromotionStillCounts()
    {
        using var story = InMemory().Serving().Guarding();
        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);

        story.Counted(ArmTally.None, new(2_000, 40, 40, 3, 3));

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    /// <summary>Errors of the baseline that arrive after the gateway tripped do not take its verdict back.</summary>
    [Fact]
    public void WhatTheGatewayFoundWorseIsWorseThoughTheCountsHaveMovedOn()
    {
        using var story = InMemory().Serving().Ramping().Counted(new(4_000, 90, 90, 40, 40), new(200, 4, 4, 2, 2));
        Assert.NotEqual(Verdict.Worse, Now(story).Verdict);

        story.Then(Verdicts.Tripped(story.State, story.Release));

        var release = story.State.Releases[new(2)];
        Assert.Equal(Outcome.RolledBack, release.Outcome);
        Assert.StartsWith("worse: judged on the spot by the gateway: 4 errors", release.OutcomeReason, default);
    }

    [Fact]
    public void AStepThatWasGoodEnoughStaysSoUntilSomethingIsWorse()
    {
        using var story = InMemory().Serving().Ramping().Counted(Calm, new(200, 0, 0, 2, 2)).GoodEnough();
        Assert.Equal("fine", Now(story).Reason);

        story.Counted(Calm, new(300, 9, 9, 2, 2));

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    private static VerdictNow Now(Story story) => Verdicts.Of(story.State, story.Release, story.Now, story.Now);
}
