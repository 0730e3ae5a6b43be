using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using static Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Releases;

public sealed class WhenAReleaseIsGuarded
{
    private static readonly Manifest Holds = Declared with
    {
        Rollout = Declared.Rollout with { Holdback = new Share(500) },
    };

    private static readonly Event.StepTaken Guard = Step(2, 2) with { Share = new Share(9_500) };

    [Fact]
    public void TheGuardIsAStepThatPromotesInTheSameDecision()
    {
        var story = Ramped(Holds).WhenRecorded(Guard).Then(Guard, Promoted(2));

        var release = story.State.Releases[Release(2)];
        Assert.Equal((Phase.Guarding, 2), (release.Phase, release.CurrentStep));
        Assert.Equal(new Share(9_500), story.State.GuardStep(release)!.Share);
        Assert.Equal(Mark(2), story.State.Find(Name)!.Serving);
    }

    [Fact]
    public void NothingIsPromotedPastItsGuard() =>
        Ramped(Holds).IsOvertaken(Promoted(2), "the guard begins with a step");

    [Fact]
    public void TheGuardHasTheShareThatIsNotHeldBack() =>
        Ramped(Holds).IsOvertaken(Guard with { Share = new Share(9_000) }, "step 2 has a share of 95 %");

    [Fact]
    public void AGuardComesAfterAllSteps() =>
        Given([.. InService(1), .. Ramping(2, 1, Holds), GoodEnough(2, 0)]).IsOvertaken(Guard, "the next step is 1");

    [Fact]
    public void NoStepComesAfterTheGuard() =>
        After(Ramped(Holds), Guard, Promoted(2)).IsOvertaken(Guard with { Step = 3 }, "rel-2 is Guarding");

    [Fact]
    public void AFreezeStandsAgainstIt() =>
        After(Ramped(Holds), new Event.Frozen(null, Why)).IsOvertaken(Guard, "frozen by alice");

    [Fact]
    public void ALogFromBeforeThereWasAHoldbackPromotesAsItDid() => Ramped(Declared).IsRecorded(Promoted(2));

    [Fact]
    public void WhatIsCountedInTheGuardIsJudgedAndTakenBack()
    {
        var guarded = After(Ramped(Holds), Guard, Promoted(2), Outcomes(2, 2, "g/1", 400));
        Assert.Equal(400, guarded.Releases[Release(2)].Steps[2].Total().Candidate.Requests);

        var worse = Judged(2, 2, Verdict.Worse);
        var story = guarded.WhenRecorded(worse).Then(worse, new Event.RolledBack(Release(2), "worse: because"));

        Assert.Equal(Mark(1), story.State.Find(Name)!.Serving);
        Assert.Equal(Verdict.Worse, story.State.Releases[Release(2)].Steps[2].Reached!.Verdict);
    }

    private static State Ramped(Manifest manifest) =>
        Given([.. InService(1), .. Ramping(2, 1, manifest), GoodEnough(2, 0), Step(2, 1), GoodEnough(2, 1)]);

    private static IEnumerable<Event> Ramping(int n, int baseline, Manifest manifest) =>
        Bank.Ramping(n, baseline).Select(e => e is Event.ShipRequested asked ? asked with { Manifest = manifest } : e);
}
