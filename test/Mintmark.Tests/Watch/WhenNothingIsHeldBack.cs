using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenNothingIsHeldBack
{
    private static readonly Manifest Whole = Declared with
    {
        InvariantsPath = null,
        Rollout = Declared.Rollout with { Steps = [Step(500, 200)], Holdback = new Share(0) },
    };

    [Fact]
    public void AVersionThatStartsToFailInItsGuardIsWorse()
    {
        using var story = Guarded();
        for (var i = 1; i <= 6; i++)
            story.After(10).Counted(ArmTally.None, Arm(i * 2_000, i * 2));
        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);

        story.After(10).Counted(ArmTally.None, Arm(14_000, 112));

        var (verdict, reason, evidence) = Now(story);
        Assert.Equal(Verdict.Worse, verdict);
        Assert.StartsWith("112 errors of 14,000 requests in the guard, with nothing held back", reason, default);
        Assert.True(evidence > 11);
    }

    [Fact]
    public void OneThatStaysAsTheOldOneWasIsNot()
    {
        using var story = Guarded();
        for (var i = 1; i <= 200; i++)
            story.After(10).Counted(ArmTally.None, Arm(i * 2_000, i * 3));
        Assert.Equal(Verdict.NotEnoughEvidence, Now(story).Verdict);
    }

    [Fact]
    public void TheVerdictIsReplayedToTheSameDigits()
    {
        using var story = Guarded().After(15).Counted(ArmTally.None, Arm(500, 60));
        var (verdict, reason, evidence) = Now(story);
        story.Then(new Event.VerdictReached(new(2), 1, verdict, reason, evidence, story.State.Size));
        Assert.Equal(Outcome.RolledBack, story.State.Releases[new(2)].Outcome);

        var state = State.Empty;
        var history = story.Journal!.Read(0).Select(e => (e.Index, e.Entry, state = Fold.Apply(state, e.Entry)));

        Assert.True(Assert.Single(VerdictReplay.Of(history, new(2))!, v => v.Step == 1).Same);
    }

    private static Story Guarded() =>
        InAJournal()
            .Serving()
            .Starting(Whole)
            .Healthy()
            .SteppedUp()
            .GoodEnough()
            .SteppedUp(ByName.Of<decimal>((Indicators.Errors, 0.001m)));

    private static ArmTally Arm(long requests, long errors) =>
        ArmTally.Of(requests, errors, (Indicators.Errors, errors));

    private static VerdictNow Now(Story story) => Verdicts.Of(story.State, story.Release, story.Now, story.Now);
}
