using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenACandidateWarmsUp
{
    private static readonly ArmTally Calm = ArmTally.Of(4_000, 2, ("errors", 2), ("slow-p99", 40));

    private static readonly Manifest Cold = Declared with
    {
        InvariantsPath = null,
        Rollout = Declared.Rollout with { WarmUpSeconds = 10 },
    };

    [Theory]
    [InlineData(0, Verdict.NotEnoughEvidence)]
    [InlineData(19, Verdict.NotEnoughEvidence)]
    [InlineData(20, Verdict.GoodEnough)]
    public void ItsFirstStepLastsTwiceAsLong(int seconds, Verdict expected)
    {
        using var story = Used().After(seconds).Counted(Calm, ArmTally.Of(5_000, 0));
        Assert.Equal(expected, Of(story, story.Now.AddHours(-1)).Verdict);
    }

    [Fact]
    public void ItIsToldUntilWhen()
    {
        using var story = Used().Counted(Calm, ArmTally.Of(5_000, 0));
        var until = story.Now.AddSeconds(20).UtcDateTime;
        Assert.Equal(
            $"bank-2 warms up; its first step lasts until {until:HH:mm:ss} UTC",
            Of(story, story.Now.AddHours(-1)).Reason
        );
    }

    [Fact]
    public void WhatIsMissingIsToldWithTheLaterEnd()
    {
        using var story = Used().After(5).Counted(Calm, ArmTally.Of(100, 0));
        Assert.Equal(new Outlook(100, 20, 15), Outlook.Of(story.State, story.Release, story.Now));
    }

    [Fact]
    public void ItsTimeBeginsAnewWhereNobodyWatchedOrTheClockWasSet()
    {
        using var story = Used().After(3_600).Counted(Calm, ArmTally.Of(5_000, 0));
        Assert.Equal(Verdict.NotEnoughEvidence, Of(story, story.Now.AddSeconds(-19)).Verdict);
        Assert.Equal(Verdict.GoodEnough, Of(story, story.Now.AddSeconds(-20)).Verdict);
        story.After(-7_200);
        Assert.Equal(Verdict.NotEnoughEvidence, Of(story, story.Now.AddSeconds(-19)).Verdict);
        Assert.Equal(Verdict.GoodEnough, Of(story, story.Now.AddSeconds(-20)).Verdict);
    }

    [Fact]
    public void AWorseOneIsTakenBackAllTheSame()
    {
        using var story = Used().Counted(Calm, ArmTally.Of(200, 60, ("errors", 60)));
        Assert.Equal(Verdict.Worse, Of(story, story.Now).Verdict);
    }

    [Fact]
    public void ALaterStepIsNotHeldForIt()
    {
        using var story = Used().After(20).Counted(Calm, ArmTally.Of(5_000, 0));
        story.GoodEnough().SteppedUp().Counted(Calm, ArmTally.Of(5_000, 0));
        Assert.Equal(Verdict.GoodEnough, Of(story, story.Now).Verdict);
    }

    [Fact]
    public void ItsTimeBeginsWithItsFirstRequestAndNotWithTheStep()
    {
        using var story = Ramped().After(7_200).Counted(Calm, ArmTally.Of(5_000, 0));
        Assert.Equal(Verdict.NotEnoughEvidence, Of(story, story.Now.AddHours(-3)).Verdict);
        story.After(20);
        Assert.Equal(Verdict.GoodEnough, Of(story, story.Now.AddHours(-3)).Verdict);
    }

    [Fact]
    public void AClockThatIsPutRightByLittleEndsNothing()
    {
        using var story = Used().Counted(Calm, ArmTally.Of(5_000, 0)).After(-0.5);
        Assert.Equal(Verdict.NotEnoughEvidence, Of(story, story.Now.AddHours(-1)).Verdict);
    }

    [Theory]
    [InlineData(5_000, false)]
    [InlineData(150, true)]
    public void WhoHasTheEvidenceAndOnlyWarmsUpIsNotOverdue(int requests, bool expected)
    {
        var hasty = Cold with { Rollout = Cold.Rollout with { PatienceSeconds = 15 } };
        using var story = InMemory().Serving().Ramping(hasty).Counted(Calm, ArmTally.Of(1, 0)).After(15);
        story.Counted(Calm, ArmTally.Of(requests, 0));
        Assert.Equal(expected, Verdicts.IsOverdue(story.State, story.Release, story.Now, story.Now.AddHours(-1)));
    }

    private static Story Ramped() => InMemory().Serving().Ramping(Cold);

    private static Story Used() => Ramped().Counted(Calm, ArmTally.Of(1, 0));

    private static VerdictNow Of(Story story, DateTimeOffset watching) =>
        Verdicts.Of(story.State, story.Release, story.Now, watching);
}
