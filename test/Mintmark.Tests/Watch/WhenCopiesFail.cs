using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenCopiesFail
{
    private static readonly Manifest Shadowed = Declared with
    {
        InvariantsPath = null,
        Rollout = Declared.Rollout with
        {
            FalseRollback = 0.0001m,
            Shadow = new(new Share(Share.Whole), 100, 600, ShadowPlan.SafeMethods),
        },
    };

    [Theory]
    [InlineData(15, 0, Verdict.NotEnoughEvidence)]
    [InlineData(16, 0, Verdict.Worse)]
    [InlineData(40, 40, Verdict.NotEnoughEvidence)]
    [InlineData(0, 90, Verdict.NotEnoughEvidence)]
    public void ACandidateIsWorseWhereThePairsShowIt(int alone, int baseline, Verdict verdict)
    {
        using var story = Copied(alone, baseline);

        var now = Verdicts.Of(story.State, story.Release, story.Now, story.Now);

        Assert.Equal(verdict, now.Verdict);
        Assert.StartsWith(
            $"of 100 copies of requests it failed {alone} that bank-1 did not, and bank-1 {baseline} that it did not;",
            now.Reason,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ItIsTakenBackBeforeItHadAClient()
    {
        using var story = Copied(alone: 30, baseline: 0);
        var now = Verdicts.Of(story.State, story.Release, story.Now, story.Now);
        var release = story.Release.Id;

        story.Then(new Event.VerdictReached(release, -1, now.Verdict, now.Reason, now.LogEvidence));

        Assert.Equal(Outcome.RolledBack, story.State.Releases[release].Outcome);
        Assert.Empty(story.State.Releases[release].Steps);
        Assert.Equal(Mark(1), story.State.Services[Bank].Serving);
    }

    [Fact]
    public void ItIsAMartingaleUnderAFairCoin()
    {
        for (var copies = 0; copies < 40; copies++)
        {
            for (var originals = 0; originals < 40; originals++)
            {
                var next =
                    (Math.Exp(PairTest.Log(copies + 1, originals)) + Math.Exp(PairTest.Log(copies, originals + 1))) / 2;
                Assert.Equal(1, next / Math.Exp(PairTest.Log(copies, originals)), precision: 9);
            }
        }
        Assert.Equal(0, PairTest.Log(0, 0), precision: 12);
    }

    [Fact]
    public void ManyPairsDoNotOverflow() => Assert.InRange(PairTest.Log(1_000_000_000, 400_000_000), 1, 1e9);

    private static Story Copied(long alone, long baseline)
    {
        var story = InMemory().Serving().Starting(Shadowed).Healthy();
        var counts = new ShadowTally(100, 100 - alone - baseline, alone, baseline, ByName<long>.Empty, 1, 1, 0);
        return story.Then(new Event.ShadowReported(story.Release.Id, "g-1", counts));
    }
}
