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

    [Fact]
    public void WhatWaitsBehindOneThatIsTakenBackGoesToTheGateAgain()
    {
        var behind = Given([.. InService(1), .. Guarding(2, 1), .. Waiting(3)]);

        var after = After(behind, RolledBack(2));

        Assert.Equal(Phase.Gating, after.Releases[Release(3)].Phase);
        after.IsOvertaken(new Event.ReleaseAdmitted(Release(3), Mark(1)), "rel-3 is Gating");
        after.IsRecorded(new Event.GateDecided(Release(3), [Passed]));
    }

    [Fact]
    public void WhatTheGateFoundBesideOneThatIsTakenBackIsOvertaken()
    {
        var judged = Given([.. InService(1), .. Guarding(2, 1), .. Gating(3)]);
        var found = new Command.Record(new Event.GateDecided(Release(3), [Passed]), judged.Size);

        After(judged, RolledBack(2)).When(found).ThenRefused("overtaken", "what serves changed");
    }

    [Fact]
    public void AnEmergencyThatTheGateLetsThroughAgainIsLookedAtOnce()
    {
        Event.ShipRequested emergency = ShipRequested(3) with { Emergency = true };
        var waits = Waiting(3).Select(e => e is Event.ShipRequested ? emergency : e);
        var again = new Event.GateDecided(Release(3), [Passed]);
        var before = Given([.. InService(1), .. Guarding(2, 1), .. waits]);

        Assert.Equal([Release(3)], After(before, RolledBack(2), again).Find(Name)!.Emergencies);
        var lookedAt = new Event.EmergencyReviewed(Release(3), Why);
        Assert.Empty(After(before, lookedAt, RolledBack(2), again).Find(Name)!.Emergencies);
    }

    [Fact]
    public void ALogInWhichItWasAdmittedAllTheSameFolds()
    {
        var folded = Given([
            .. InService(1),
            .. Guarding(2, 1),
            .. Waiting(3),
            RolledBack(2),
            new Event.ReleaseAdmitted(Release(3), Mark(1)),
        ]);

        var release = folded.Releases[Release(3)];
        Assert.Equal((Phase.Starting, Mark(1)), (release.Phase, release.Baseline));
    }

    private static State Ramped(Manifest manifest) =>
        Given([.. InService(1), .. Ramping(2, 1, manifest), GoodEnough(2, 0), Step(2, 1), GoodEnough(2, 1)]);

    private static IEnumerable<Event> Ramping(int n, int baseline, Manifest manifest) =>
        Bank.Ramping(n, baseline).Select(e => e is Event.ShipRequested asked ? asked with { Manifest = manifest } : e);
}
