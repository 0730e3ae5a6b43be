using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenACandidateIsJudged
{
    private static readonly ArmTally Calm = ArmTally.Of(4_000, 2, ("errors", 2), ("slow-p99", 40));

    [Theory]
    [InlineData("signal.declined")]
    [InlineData("slow-p50")]
    public void WhatMakesItWorseIsNamedWhereErrorsDoNot(string indicator)
    {
        var manifest = Declared with { Signals = ["declined"], InvariantsPath = null };
        using var story = InMemory().Serving(manifest).Ramping(manifest);
        story.Counted(ArmTally.Of(380, 0, (indicator, 3)), ArmTally.Of(20, 0, (indicator, 19)));

        var (verdict, reason, _) = Verdicts.Of(story.State, story.Release, story.Now, story.Now);

        Assert.Equal(Verdict.Worse, verdict);
        Assert.StartsWith(
            $"0 errors and 0 slow of 20 requests, against 0 and 0 of 380; {indicator}: 19 against 3; evidence ",
            reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void MissingRequestsAreNamedWithTheEvidence()
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(120, 0, ("slow-p99", 1)));

        var (verdict, reason, evidence) = Now(story);

        Assert.Equal(Verdict.NotEnoughEvidence, verdict);
        Assert.Equal("120 of 200 candidate requests; evidence -0.6 of 7.0", reason);
        Assert.InRange(evidence!.Value, -0.65m, -0.55m);
    }

    [Fact]
    public void EnoughRequestsWithoutAlarmAreGoodEnough()
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(200, 0, ("slow-p99", 2)));

        var (verdict, reason, _) = Now(story);

        Assert.Equal(Verdict.GoodEnough, verdict);
        Assert.Equal("0 errors and 2 slow of 200 requests, against 2 and 40 of 4,000; evidence -0.6 of 7.0", reason);
    }

    [Fact]
    public void RequestsOfAnEarlierStepDoNotCountForThisOne()
    {
        using var story = InMemory().Serving().Ramping().Counted(Calm, ArmTally.Of(5_000, 0, ("slow-p99", 5)));
        story.GoodEnough().SteppedUp().Reported(Mark(2)).Counted(Calm, ArmTally.Of(7, 0));

        Assert.StartsWith("7 of 1,000 candidate requests", Now(story).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(49, Verdict.NotEnoughEvidence)]
    [InlineData(50, Verdict.GoodEnough)]
    public void TolerableErrorsEndAStepEarlyButNotBeforeFiftyRequests(int requests, Verdict expected)
    {
        var baseline = ArmTally.Of(90_000, 900, ("errors", 900), ("slow-p99", 900));
        using var story = InMemory().Serving().Ramping().Reported(Mark(2));
        story.Counted(baseline, ArmTally.Of(requests, 2, ("errors", 2), ("slow-p99", 2)));

        Assert.Equal(expected, Now(story).Verdict);
    }

    [Fact]
    public void HalfWayToWorseItGetsNoMoreTrafficThoughItsCapIsReached()
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(500, 3, ("errors", 3), ("slow-p99", 5)));

        var (verdict, reason, evidence) = Now(story);

        Assert.InRange(evidence!.Value, 3.5m, 6.9m);
        Assert.Equal(Verdict.NotEnoughEvidence, verdict);
        Assert.StartsWith("held in doubt: evidence ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void DoubtThatGoesAwayEndsTheStep()
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(500, 3, ("errors", 3), ("slow-p99", 5)))
            .Counted(ArmTally.Of(8_000, 60, ("errors", 60)), ArmTally.Of(900, 4, ("errors", 4), ("slow-p99", 9)));

        Assert.Equal(Verdict.GoodEnough, Now(story).Verdict);
    }

    [Fact]
    public void ErrorsThatTheBaselineDoesNotHaveAreWorse()
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(500, 9, ("errors", 9), ("slow-p99", 5)));

        var (verdict, reason, evidence) = Now(story);

        Assert.Equal(Verdict.Worse, verdict);
        Assert.StartsWith("9 errors and 5 slow of 500 requests, against 2 and 40 of 4,000", reason, default);
        Assert.True(evidence > 6.9m);
    }

    [Fact]
    public void CountsOfAllStepsAndGatewaysAreWeighedTogether()
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .Counted(Calm, ArmTally.Of(300, 1, ("errors", 1), ("slow-p99", 3)), "g-1");
        story
            .Counted(ArmTally.None, ArmTally.Of(300, 1, ("errors", 1), ("slow-p99", 3)), "g-2")
            .GoodEnough()
            .SteppedUp();
        Assert.NotEqual(Verdict.Worse, Now(story).Verdict);

        story.Counted(ArmTally.None, ArmTally.Of(300, 5, ("errors", 5), ("slow-p99", 3)));

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Fact]
    public void AReportThatComesAfterPromotionStillCounts()
    {
        using var story = InMemory().Serving().Guarding();
        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);

        story.Counted(ArmTally.None, ArmTally.Of(2_000, 40, ("errors", 40), ("slow-p99", 3)));

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    /// <summary>Errors of the baseline that arrive after the gateway tripped do not take its verdict back.</summary>
    [Fact]
    public void WhatTheGatewayFoundWorseIsWorseThoughTheCountsHaveMovedOn()
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .Counted(
                ArmTally.Of(4_000, 90, ("errors", 90), ("slow-p99", 40)),
                ArmTally.Of(200, 4, ("errors", 4), ("slow-p99", 2))
            );
        Assert.NotEqual(Verdict.Worse, Now(story).Verdict);

        story.Then(Verdicts.Tripped(story.State, story.Release));

        var release = story.State.Releases[new(2)];
        Assert.Equal(Outcome.RolledBack, release.Outcome);
        Assert.StartsWith("worse: judged on the spot by the gateway: 4 errors", release.OutcomeReason, default);
    }

    [Fact]
    public void AStepThatWasGoodEnoughStaysSoUntilSomethingIsWorse()
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(200, 0, ("slow-p99", 2)))
            .GoodEnough();
        Assert.Equal("fine", Now(story).Reason);
        Assert.Null(Verdicts.Against(story.State, story.Release));

        story.Counted(Calm, ArmTally.Of(300, 9, ("errors", 9), ("slow-p99", 2)));

        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    /// <summary>One unit, that client, is no evidence that anybody else would fail.</summary>
    [Theory]
    [InlineData(200, "held: 200 of 200 requests failed at bank-2 in this step, and 2 of 4,000 at bank-1; ")]
    [InlineData(5, "held: 5 of 200 requests failed at bank-2 in this step, and 2 of 4,000 at bank-1; ")]
    [InlineData(4, null)]
    [InlineData(2, null)]
    public void WhereAFewClientsMeetAllErrorsTheStepIsHeld(int errors, string? held)
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(200, errors, ("errors", 1)));

        var (verdict, reason, _) = Now(story);

        Assert.Equal(held is null ? Verdict.GoodEnough : Verdict.NotEnoughEvidence, verdict);
        Assert.StartsWith(held ?? $"{errors} errors and 0 slow of 200 requests", reason, default);
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(0, false)]
    public void WhatFailsAfterAStepHasPassedStandsAgainstTheNextOne(int errors, bool isHeld)
    {
        using var story = InMemory()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(200, 0))
            .GoodEnough()
            .Counted(Calm, ArmTally.Of(300, errors, ("errors", Math.Min(errors, 1))));

        Assert.Equal(isHeld, Verdicts.Against(story.State, story.Release) is not null);
        Assert.Equal(isHeld ? Verdict.NotEnoughEvidence : Verdict.GoodEnough, Now(story).Verdict);
    }

    private static VerdictNow Now(Story story) => Verdicts.Of(story.State, story.Release, story.Now, story.Now);
}
