using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using static Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Releases;

public sealed class WhenAReleaseMovesOn
{
    private static readonly Event.GateDecided Gate = new(Release(2), [Passed]);
    private static readonly Event.ReleaseAdmitted Admission = new(Release(2), Mark(1));

    [Fact]
    public void EveryStageIsRecordedInItsPhaseOnly()
    {
        Event[] ofBuilding =
        [
            new Event.BuildStageEntered(Release(2), BuildStage.Smoke),
            new Event.SuiteFinished(Release(2), Suite("smoke", 3)),
            new Event.BuildFailed(Release(2), BuildStage.Build, "exit 1"),
            Built(2),
        ];
        foreach (var what in ofBuilding)
        {
            Given([.. InService(1), .. Building(2)]).IsRecorded(what);
            Given([.. InService(1), .. Gating(2)]).IsOvertaken(what, "rel-2 is Gating");
            Given(InService(1)).IsOvertaken(what, "there is no rel-2");
        }
    }

    [Fact]
    public void ABuildThatStartsAgainHasItsSuitesOnce()
    {
        var state = Given([
            .. Building(1),
            new Event.SuiteFinished(Release(1), Suite("smoke", 3)),
            new Event.BuildStageEntered(Release(1), BuildStage.Checkout),
            new Event.SuiteFinished(Release(1), Suite("smoke", 4)),
            new Event.SuiteFinished(Release(1), Suite("full", 30)),
        ]);

        Assert.Equal([("smoke", 4), ("full", 30)], state.Versions[Mark(1)].Suites.Select(s => (s.Suite, s.Passed)));
    }

    [Fact]
    public void ABuildThatFailedEndsIt()
    {
        var failed = new Event.BuildFailed(Release(1), BuildStage.Smoke, "exit 1");
        var release = Given([.. Building(1), failed]).Releases[Release(1)];

        Assert.Equal((Phase.Ended, Outcome.Failed, "exit 1"), (release.Phase, release.Outcome, release.OutcomeReason));
    }

    [Fact]
    public void AGateIsDecidedOnce()
    {
        Given([.. InService(1), .. Gating(2)]).IsRecorded(Gate);
        Given([.. InService(1), .. Building(2)]).IsOvertaken(Gate);
        Given([.. InService(1), .. Waiting(2)]).IsOvertaken(Gate);
    }

    [Fact]
    public void AGateThatRefusesEndsItWithControlAndReason()
    {
        var release = Given([.. Gating(1), new Event.GateDecided(Release(1), [Passed, Failed])]).Releases[Release(1)];

        Assert.Equal((Phase.Ended, Outcome.Refused), (release.Phase, release.Outcome));
        Assert.Equal("suites-passed: full: 1 failed", release.OutcomeReason);
        Assert.Equal([Passed, Failed], release.Gate);
    }

    [Fact]
    public void ItIsAdmittedAgainstWhatServes()
    {
        var waiting = Given([.. InService(1), .. Waiting(2)]);

        waiting.IsRecorded(Admission);
        waiting.IsOvertaken(Admission with { Baseline = null }, "another version serves now");
    }

    [Fact]
    public void ItWaitsWhileTheOneBeforeItIsInGuard()
    {
        var guarded = Given([.. InService(1), .. Guarding(2, 1), .. Waiting(3)]);
        var admission = new Event.ReleaseAdmitted(Release(3), Mark(2));

        guarded.IsOvertaken(admission, "rel-2 is Guarding");
        After(guarded, GuardEnded(2)).IsRecorded(admission);
        After(guarded, RolledBack(2), new Event.GateDecided(Release(3), [Passed]))
            .IsRecorded(admission with { Baseline = Mark(1) });
    }

    [Theory]
    [MemberData(nameof(Holds))]
    public void AHoldStopsEachMoveForwardUntilItIsLifted(Event hold, Event lifted)
    {
        (Event Move, Event[] Before)[] moves =
        [
            (Admission, [.. Waiting(2)]),
            (Step(2, 0), [.. Ready(2, 1)]),
            (Step(2, 1), [.. Ramping(2, 1), GoodEnough(2, 0)]),
            (Promoted(2), [.. Ramping(2, 1), GoodEnough(2, 0), Step(2, 1), GoodEnough(2, 1)]),
        ];
        foreach (var (move, before) in moves)
        {
            var held = Given([.. InService(1), .. before, hold]);
            held.IsOvertaken(move, "alice: because");
            After(held, lifted).IsRecorded(move);
        }
    }

    public static TheoryData<Event, Event> Holds() =>
        new()
        {
            { new Event.Frozen(Name, Why), new Event.Thawed(Name, Why) },
            { new Event.Frozen(null, Why), new Event.Thawed(null, Why) },
            { new Event.Halted(Name, Why), new Event.Resumed(Name, Why) },
            { new Event.Halted(null, Why), new Event.Resumed(null, Why) },
        };

    [Fact]
    public void ItGetsNoTrafficBeforeItIsHealthy()
    {
        var starting = Given([.. InService(1), .. Starting(2, 1)]);
        var started = After(starting, Healthy(2, 2).Take(2));

        starting.IsOvertaken(Step(2, 0), "bank-2 has no healthy instance");
        started.IsOvertaken(Step(2, 0), "bank-2 has no healthy instance");
        After(started, Healthy(2, 2).Skip(2)).IsRecorded(Step(2, 0));
    }

    [Fact]
    public void ItsStepsAreThoseOfItsPlanOneAfterAnother()
    {
        var ready = Given([.. InService(1), .. Ready(2, 1)]);
        ready.IsOvertaken(Step(2, 1), "the next step is 0");
        ready.IsOvertaken(Step(2, 0) with { Share = Large }, "step 0 has a share of 5 %");

        var first = After(ready, Step(2, 0));
        first.IsOvertaken(Step(2, 0), "the next step is 1");
        first.IsOvertaken(Step(2, 1), "the last step has no verdict");

        var second = After(first, GoodEnough(2, 0), Step(2, 1), GoodEnough(2, 1));
        second.IsOvertaken(Step(2, 2), "the next step is 2");
    }

    [Fact]
    public void ItIsPromotedAfterItsLastStepOnly()
    {
        var first = Given([.. InService(1), .. Ramping(2, 1), GoodEnough(2, 0)]);
        first.IsOvertaken(Promoted(2), "not every step has been good enough");
        var second = After(first, Step(2, 1));
        second.IsOvertaken(Promoted(2), "not every step has been good enough");

        var story = After(second, GoodEnough(2, 1)).WhenRecorded(Promoted(2)).Then(Promoted(2));

        Assert.Equal(Mark(2), story.State.Find(Name)!.Serving);
        Assert.Equal(Phase.Guarding, story.State.Releases[Release(2)].Phase);
        Assert.Equal([Mark(1)], story.State.Find(Name)!.Good);
    }

    [Fact]
    public void APlanWithoutStepsIsNoReasonToFall()
    {
        var plan = Declared with { Rollout = Declared.Rollout with { Steps = [] } };
        var ship = ShipRequested(2) with { Manifest = plan };

        Given([.. InService(1), ship, .. Ready(2, 1).Skip(1)]).IsRecorded(Promoted(2));
    }

    [Fact]
    public void AFirstReleaseIsPromotedAsSoonAsItIsHealthy()
    {
        Given(Starting(1, null)).IsOvertaken(Promoted(1), "bank-1 has no healthy instance");
        Given(Ready(1, null)).IsRecorded(Promoted(1));
        Given(Ready(1, null)).IsOvertaken(Step(1, 0), "nothing to compare with");
    }

    [Fact]
    public void ItIsGoodOnlyAfterItsGuard()
    {
        var guarding = Given([.. InService(1), .. Guarding(2, 1)]);
        Given([.. InService(1), .. Ramping(2, 1)]).IsOvertaken(GuardEnded(2), "rel-2 is Ramping");

        var ended = guarding.WhenRecorded(GuardEnded(2)).Then(GuardEnded(2)).State;

        Assert.Equal([Mark(1), Mark(2)], ended.Find(Name)!.Good);
        Assert.Equal(Outcome.Promoted, ended.Releases[Release(2)].Outcome);
        ended.IsOvertaken(GuardEnded(2), "rel-2 is Ended");
    }

    [Fact]
    public void NothingMoreIsRecordedAfterItsEnd()
    {
        var ended = Given([.. InService(1), .. Ramping(2, 1), RolledBack(2)]);
        Event[] late =
        [
            new Event.BuildStageEntered(Release(2), BuildStage.Pack),
            Built(2),
            Gate,
            Admission,
            Step(2, 0),
            Outcomes(2, 0, "g", 9),
            GoodEnough(2, 0),
            Judged(2, 0, Verdict.Worse),
            Promoted(2),
            GuardEnded(2),
            RolledBack(2),
        ];
        foreach (var what in late)
            ended.IsOvertaken(what, "rel-2 is Ended");
    }
}
