using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenProbesAreCounted
{
    private static readonly Manifest Probing = Declared with
    {
        InvariantsPath = null,
        Rollout = Declared.Rollout with
        {
            WithoutEvidence = WithoutEvidence.Probe,
            PatienceSeconds = 60,
            Probes = [new Probe("/accounts/demo", 200)],
        },
    };

    [Fact]
    public void TheyAreSentFromThePatiencesEndToTheStepsEnd()
    {
        using var story = InMemory().Serving().Ramping(Probing);
        Assert.False(Sent(story));
        Lacking(story);
        Assert.True(Sent(story));

        story.GoodEnough();
        Assert.False(Sent(story));
        story.SteppedUp();
        Assert.False(Sent(story));
        Assert.True(Sent(Lacking(story)));

        story.Do(new Command.Rollback(Bank, null, "doubt"));
        Assert.Null(Assert.Single(Routes.From(story.State).Services).Comparison);
    }

    [Fact]
    public void OthersThanThoseWhoAskForThemGetNone()
    {
        using var story = InMemory()
            .Serving()
            .Ramping(Probing with { Rollout = Probing.Rollout with { WithoutEvidence = WithoutEvidence.Wait } });
        Assert.False(Sent(Lacking(story)));
    }

    [Fact]
    public void TheyEndAStepWithoutAnyClientAndTheVerdictSaysSo()
    {
        using var story = InMemory().Serving().Ramping(Probing).Counted(Probes(3_800, 0), Probes(200, 0));

        var verdict = Verdicts.Of(story.State, story.Release, story.Now, story.Now);

        Assert.Equal(Verdict.GoodEnough, verdict.Verdict);
        Assert.Contains("of 200 requests (200 of them probes), against", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void OnesThatFailAtBothVersionsEndNothing()
    {
        using var story = InMemory().Serving().Ramping(Probing).Counted(Probes(5_700, 5_700), Probes(300, 300));

        var verdict = Verdicts.Of(story.State, story.Release, story.Now, story.Now);

        Assert.Equal(Verdict.NotEnoughEvidence, verdict.Verdict);
        Assert.StartsWith(
            "0 of 200 candidate requests (0 of them probes; 300 more probes failed); evidence",
            verdict.Reason,
            StringComparison.Ordinal
        );
        Assert.Equal(200, Outlook.Of(story.State, story.Release, story.Now)!.Requests);
    }

    [Fact]
    public void OnesThatFailAtTheCandidateOnlyTakeItBack()
    {
        using var story = InMemory().Serving().Ramping(Probing).Counted(Probes(380, 0), Probes(20, 10));
        Assert.Equal(Verdict.Worse, Verdicts.Of(story.State, story.Release, story.Now, story.Now).Verdict);
    }

    /// <summary>
    /// Errors that probes meet at both versions make the arms alike, whatever clients meet: the test of "tolerable"
    /// would take that for good.
    /// </summary>
    [Fact]
    public void TheyNeverShortenAStep()
    {
        var (baseline, candidate) = (Tally(4_000, 190), Tally(150, 5));
        using var tolerable = InMemory().Serving().Ramping(Probing).Counted(baseline, candidate);
        Assert.Equal(Verdict.GoodEnough, Of(tolerable));

        using var probed = InMemory()
            .Serving()
            .Ramping(Probing)
            .Counted(baseline with { Probes = 1_000 }, candidate with { Probes = 50 });
        Assert.Equal(Verdict.NotEnoughEvidence, Of(probed));
        using var later = InMemory().Serving().Ramping(Probing);
        later.Counted(ArmTally.None with { Requests = 1, Probes = 1 }, Tally(200, 0)).GoodEnough().SteppedUp();
        later.Counted(baseline, Tally(400, 5));
        Assert.Equal(Verdict.NotEnoughEvidence, Of(later));

        Verdict Of(Story story) => Verdicts.Of(story.State, story.Release, story.Now, story.Now).Verdict;
        ArmTally Tally(long requests, long bad) => ArmTally.Of(requests, bad, ("errors", bad), ("slow-p99", bad));
    }

    private static ArmTally Probes(long sent, long failed) =>
        ArmTally.Of(sent, failed, ("errors", failed)) with
        {
            Probes = sent,
            ProbesFailed = failed,
        };

    private static Story Lacking(Story story) =>
        story.Then(
            new Event.VerdictReached(
                story.Release.Id,
                story.Release.CurrentStep,
                Verdict.NotEnoughEvidence,
                "7 of 200",
                null
            )
        );

    private static bool Sent(Story story) => Routes.From(story.State).Services.Single().Comparison!.Probed;
}
