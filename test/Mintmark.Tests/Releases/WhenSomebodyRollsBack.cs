using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using static Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Releases;

public sealed class WhenSomebodyRollsBack
{
    [Theory]
    [MemberData(nameof(OnItsWay))]
    public void WhatIsOnItsWayIsTakenBackInEachPhase(Phase phase, Event[] way)
    {
        var given = Given([.. InService(1), .. way]);
        Assert.Equal(phase, given.Releases[Release(2)].Phase);

        var story = given.When(Rollback()).Then(RolledBack(2));

        Assert.Equal(Mark(1), story.State.Find(Name)!.Serving);
        Assert.Equal(Outcome.RolledBack, story.State.Releases[Release(2)].Outcome);
        Assert.Empty(story.State.Open(Name));
    }

    public static TheoryData<Phase, Event[]> OnItsWay() =>
        new()
        {
            { Phase.Building, [.. Building(2)] },
            { Phase.Gating, [.. Gating(2)] },
            { Phase.Waiting, [.. Waiting(2)] },
            { Phase.Starting, [.. Starting(2, 1)] },
            { Phase.Ramping, [.. Ramping(2, 1)] },
            { Phase.Guarding, [.. Guarding(2, 1)] },
        };

    [Fact]
    public void WhatWaitsBehindAGuardIsTakenBackWithIt()
    {
        var story = Given([.. InService(1), .. Guarding(2, 1), .. Waiting(3)]).When(Rollback());

        story.Then(RolledBack(3), RolledBack(2));
        Assert.Equal(Mark(1), story.State.Find(Name)!.Serving);
    }

    [Fact]
    public void TheLastGoodVersionIsStartedAgainWhereNothingIsOnItsWay() =>
        Given(InService(3)).When(Rollback()).Then(ReturnRequested(4, to: 2));

    [Fact]
    public void ANamedGoodVersionIsStartedAgain() =>
        Given(InService(3)).When(Rollback(to: 1)).Then(ReturnRequested(4, to: 1));

    [Fact]
    public void ANamedOneIsStartedAfterAllElseIsTakenBack()
    {
        var story = Given([.. InService(2), .. Guarding(3, 2), .. Building(4)]).When(Rollback(to: 1));

        story.Then(RolledBack(4), RolledBack(3), ReturnRequested(5, to: 1));
        Assert.Equal(Mark(2), story.State.Find(Name)!.Serving);
        Assert.Equal([Release(5)], story.State.Open(Name).Select(r => r.Id));
    }

    [Fact]
    public void TheWarmOneMayBeNamed() =>
        Given([.. InService(1), .. Guarding(2, 1)]).When(Rollback(to: 1)).Then(RolledBack(2));

    [Fact]
    public void NamingTheOneThatServesTakesBackOnlyWhatWouldReplaceIt()
    {
        var story = Given([.. InService(1), .. Guarding(2, 1), .. Building(3)]).When(Rollback(to: 2));

        story.Then(RolledBack(3));
        Assert.Equal(Mark(2), story.State.Find(Name)!.Serving);
        Assert.Equal(Phase.Guarding, story.State.Releases[Release(2)].Phase);
    }

    [Fact]
    public void NamingTheOneThatServesAloneIsRefused()
    {
        Given(InService(2)).When(Rollback(to: 2)).ThenRefused("already-serving", "bank-2");
        Given([.. InService(1), .. Guarding(2, 1)]).When(Rollback(to: 2)).ThenRefused("already-serving");
    }

    [Fact]
    public void AFirstReleaseOnItsWayIsTakenBackToNothing()
    {
        Given(Ready(1, null)).When(Rollback()).Then(RolledBack(1));
        Assert.Null(Given(Guarding(1, null)).When(Rollback()).Then(RolledBack(1)).State.Find(Name)!.Serving);
    }

    [Fact]
    public void TheFirstVersionHasNoneBeforeIt() => Given(InService(1)).When(Rollback()).ThenRefused("no-good-version");

    [Fact]
    public void AVersionThatWasNeverGoodIsRefusedAndTheGoodOnesNamed()
    {
        var given = Given([.. InService(2), .. Ramping(3, 2), RolledBack(3)]);

        given.When(Rollback(to: 3)).ThenRefused("not-a-good-version", "since: bank-1, bank-2");
        given.When(Rollback(to: 9)).ThenRefused("not-a-good-version");
    }

    [Fact]
    public void AnUnknownServiceIsRefusedAndTheKnownOnesNamed()
    {
        var rollback = Rollback() with { Service = new("bnak") };
        Given(InService(1)).When(rollback).ThenRefused("unknown-service", "known: bank");
        Given().When(rollback).ThenRefused("unknown-service", "none yet");
    }

    [Theory]
    [MemberData(nameof(Holds))]
    public void NothingStandsAgainstIt(Event hold)
    {
        Given([.. InService(1), .. Ramping(2, 1), hold]).When(Rollback()).Then(RolledBack(2));
        Given([.. InService(2), hold]).When(Rollback()).Then(ReturnRequested(3, to: 1));
    }

    public static TheoryData<Event> Holds() =>
        [
            new Event.Frozen(Name, Why),
            new Event.Frozen(null, Why),
            new Event.Halted(Name, Why),
            new Event.Halted(null, Why),
        ];

    [Fact]
    public void AReasonIsAskedFor() =>
        Given(InService(2)).When(Rollback() with { Reason = "" }).ThenRefused("reason-required");
}
