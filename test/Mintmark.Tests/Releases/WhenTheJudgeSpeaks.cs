using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using static Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Releases;

public sealed class WhenTheJudgeSpeaks
{
    private static readonly State Ramp = Given([.. InService(1), .. Ramping(2, 1)]);

    [Fact]
    public void WorseTakesTheReleaseBackInTheSameDecision()
    {
        var worse = Judged(2, 0, Verdict.Worse);
        var story = Ramp.WhenRecorded(worse).Then(worse, new Event.RolledBack(Release(2), "worse: because"));

        var release = story.State.Releases[Release(2)];
        Assert.Equal((Phase.Ended, Outcome.RolledBack), (release.Phase, release.Outcome));
        Assert.Equal(Verdict.Worse, release.Steps[0].Reached!.Verdict);
        Assert.Equal(Mark(1), story.State.Find(Name)!.Serving);
    }

    [Fact]
    public void WorseIsHeardBeforeAnyTraffic()
    {
        var worse = Judged(2, -1, Verdict.Worse);
        Given([.. InService(1), .. Starting(2, 1)])
            .WhenRecorded(worse)
            .Then(worse, new Event.RolledBack(Release(2), "worse: because"));
    }

    [Fact]
    public void WorseInGuardBringsTheWarmVersionBack()
    {
        var worse = Judged(2, 1, Verdict.Worse);
        var story = Given([.. InService(1), .. Guarding(2, 1)]).WhenRecorded(worse);

        story.Then(worse, new Event.RolledBack(Release(2), "worse: because"));
        Assert.Equal(Mark(1), story.State.Find(Name)!.Serving);
        Assert.Equal([Mark(1)], story.State.Find(Name)!.Good);
        Assert.Equal(Verdict.GoodEnough, story.State.Releases[Release(2)].Steps[1].Reached!.Verdict);
    }

    [Fact]
    public void WorseAfterGoodEnoughStillCounts() =>
        Assert.Equal(
            Outcome.RolledBack,
            After(Ramp, GoodEnough(2, 0)).WhenRecorded(Judged(2, 0, Verdict.Worse)).State.Releases[Release(2)].Outcome
        );

    [Fact]
    public void AVerdictOnAnotherStepIsOvertaken()
    {
        var second = After(Ramp, GoodEnough(2, 0), Step(2, 1));

        second.IsOvertaken(Judged(2, 0, Verdict.Worse), "the step is 1");
        second.IsOvertaken(GoodEnough(2, 0), "the step is 1");
        Given([.. InService(1), .. Waiting(2)]).IsOvertaken(Judged(2, -1, Verdict.Worse), "rel-2 is Waiting");
    }

    [Fact]
    public void GoodEnoughIsSaidOncePerStep()
    {
        Ramp.IsRecorded(GoodEnough(2, 0));
        After(Ramp, GoodEnough(2, 0)).IsOvertaken(GoodEnough(2, 0), "the step has its verdict");
    }

    [Fact]
    public void NotEnoughEvidenceEndsNoStep()
    {
        var lacking = After(Ramp, Judged(2, 0, Verdict.NotEnoughEvidence));

        lacking.IsOvertaken(Step(2, 1), "the last step has no verdict");
        lacking.IsRecorded(GoodEnough(2, 0));
    }

    [Fact]
    public void CountsOnlyGrowHoweverReportsArrive()
    {
        var state = After(
            Ramp,
            Outcomes(2, 0, "g/1", 10),
            Outcomes(2, 0, "g/1", 30),
            Outcomes(2, 0, "g/1", 20),
            Outcomes(2, 0, "g/1", 30),
            Outcomes(2, 0, "g/2", 5)
        );

        var step = state.Releases[Release(2)].Steps[0];
        Assert.Equal(35, step.Total().Candidate.Requests);
        Assert.Equal(Small, step.Total().Share);
    }

    [Fact]
    public void CountsOfAnEarlierStepStayWithIt()
    {
        var second = After(Ramp, Outcomes(2, 0, "g", 10), GoodEnough(2, 0), Step(2, 1));

        var counted = second.WhenRecorded(Outcomes(2, 0, "g", 12)).State.Releases[Release(2)];
        Assert.Equal([12L, 0L], counted.Steps.Select(s => s.Total().Candidate.Requests));
        second.IsOvertaken(Outcomes(2, 2, "g", 1), "there is no step 2");
        second.IsOvertaken(Outcomes(2, -1, "g", 1), "there is no step -1");
    }

    [Fact]
    public void TheBaselinesInvariantsOfBeforeTheFirstTrafficAreRemembered()
    {
        Event.InvariantsReported reported = new(Instance(1), null, [new("sum", null), new("keys", "2 posted twice")]);
        Event.InvariantsReported later = new(Instance(1), 0, [new("sum", "off by 1"), new("keys", null)]);

        var state = Given([.. InService(1), .. Ready(2, 1), reported, Step(2, 0), later, GoodEnough(2, 0), Step(2, 1)]);

        Assert.Equal(["sum"], state.Releases[Release(2)].Kept);
        Assert.Equal(["keys"], state.Kept(Mark(1), 0));
    }
}
