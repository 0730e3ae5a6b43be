using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenAVerdictIsReplayed
{
    private static readonly ArmTally Calm = ArmTally.Of(4_000, 2, ("errors", 2), ("slow-p99", 40));

    [Fact]
    public async Task WhatTheReconcilerRecordedIsFoundAgain()
    {
        using var story = InAJournal()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(500, 9, ("errors", 9), ("slow-p99", 5)));
        await new WatchReconciler(story.Journal!, new ScriptedProbe(), story.Clock).ReconcileAsync(default);

        var verdict = Assert.Single(Replayed(story)!);

        Assert.Equal((Verdict.Worse, true), (verdict.Verdict, verdict.Same));
        Assert.Equal(verdict.Recorded, verdict.Recomputed);
        Assert.Equal(9, verdict.Counts[0].Candidate.Errors);
    }

    /// <summary>Between weighing and writing, reports of gateways may be written: they are no inputs.</summary>
    [Fact]
    public void CountsThatCameBetweenWeighingAndWritingAreNotWeighed()
    {
        using var story = InAJournal()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(200, 0, ("slow-p99", 2)));
        var (verdict, reason, evidence) = Verdicts.Of(story.State, story.Release, story.Now, story.Now);
        var seen = story.State.Size;
        story.Counted(Calm, ArmTally.Of(260, 3, ("errors", 3), ("slow-p99", 2)));
        var step = story.Release.CurrentStep;

        story.Then(new Event.VerdictReached(story.Release.Id, step, verdict, reason, evidence, seen));

        var replayed = Assert.Single(Replayed(story)!);
        Assert.True(replayed.Same);
        Assert.Equal(seen, replayed.Seen);
        Assert.Equal(200, replayed.Counts[0].Candidate.Requests);
    }

    [Fact]
    public void AVerdictOfALogThatDoesNotSayWhatWasSeenIsHeldAgainstAllBeforeIt()
    {
        using var story = InAJournal()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(200, 0, ("slow-p99", 2)));
        var evidence = Verdicts.Of(story.State, story.Release, story.Now, story.Now).LogEvidence;

        story.Then(new Event.VerdictReached(story.Release.Id, 0, Verdict.GoodEnough, "fine", evidence));

        Assert.True(Assert.Single(Replayed(story)!).Same);
    }

    [Fact]
    public void AVerdictThatClaimsToHaveSeenTheFutureIsWeighedOnItsPast()
    {
        using var story = InAJournal()
            .Serving()
            .Ramping()
            .Reported(Mark(2))
            .Counted(Calm, ArmTally.Of(200, 0, ("slow-p99", 2)));
        story.Then(new Event.VerdictReached(story.Release.Id, 0, Verdict.GoodEnough, "fine", 1m, 1_000_000));
        story.Counted(Calm, ArmTally.Of(400, 30, ("errors", 30), ("slow-p99", 2)));

        var replayed = Assert.Single(Replayed(story)!);

        Assert.False(replayed.Same);
        Assert.Equal(200, replayed.Counts[0].Candidate.Requests);
    }

    [Fact]
    public void AReleaseThatTheLogDoesNotHoldHasNone()
    {
        using var story = InAJournal().Serving();
        Assert.Null(VerdictReplay.Of(History(story), new ReleaseId(7)));
    }

    private static IReadOnlyList<ReplayedVerdict>? Replayed(Story story) =>
        VerdictReplay.Of(History(story), new ReleaseId(2));

    private static IEnumerable<(long, Entry, State)> History(Story story)
    {
        var state = State.Empty;
        foreach (var (index, entry) in story.Journal!.Read(0))
            yield return (index, entry, state = Fold.Apply(state, entry));
    }
}
