using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using static Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Releases;

public sealed class WhenAVersionIsShipped
{
    [Fact]
    public void ItGetsTheFirstMarkOfItsService() => Given().When(ShipIt).Then(ShipRequested(1));

    [Fact]
    public void ItGetsTheNextMarkAlsoAfterOneThatFailed() =>
        Given([.. InService(1), .. Building(2), new Event.BuildFailed(Release(2), BuildStage.Build, "exit 1")])
            .When(ShipIt)
            .Then(ShipRequested(3));

    [Fact]
    public void MarksAreCountedByServiceAndReleasesOverAll()
    {
        var cards = new ServiceName("cards");
        var ship = ShipIt with { Manifest = Declared with { Name = cards } };

        Given(InService(2))
            .When(ship)
            .Then(new Event.ShipRequested(Release(3), new Mark(cards, 1), Commit, ship.Manifest, Why));
    }

    [Fact]
    public void AHostOfAnotherServiceIsNotForIt()
    {
        var declared = Declared with { Hosts = ["a.example.com", "pay.example.com"] };
        var first = new Event.ShipRequested(Release(1), new Mark(Declared.Name, 1), Commit, declared, Why);
        var cards = Declared with { Name = new ServiceName("cards"), Hosts = ["pay.example.com"] };

        Given(first)
            .When(ShipIt with { Manifest = cards })
            .ThenRefused("one-service-for-a-host", "pay.example.com is a host of bank already");
        Given(first)
            .When(ShipIt with { Manifest = cards with { Hosts = ["cards.example.com"] } })
            .Then(
                new Event.ShipRequested(
                    Release(2),
                    new Mark(cards.Name, 1),
                    Commit,
                    cards with
                    {
                        Hosts = ["cards.example.com"],
                    },
                    Why
                )
            );
    }

    [Theory]
    [MemberData(nameof(OnItsWay))]
    public void NoOtherMayBeOnItsWay(string phase, Event[] way) =>
        Given([.. InService(1), .. way])
            .When(ShipIt)
            .ThenRefused(
                "one-release-at-a-time",
                $"rel-2 of bank is on its way ({phase}): wait for it, or take it back"
            );

    public static TheoryData<string, Event[]> OnItsWay() =>
        new()
        {
            { "building", [.. Building(2)] },
            { "gating", [.. Gating(2)] },
            { "waiting", [.. Waiting(2)] },
            { "starting", [.. Starting(2, 1)] },
            { "ramping", [.. Ramping(2, 1)] },
        };

    [Fact]
    public void TheOneBeforeItMayBeInGuard() =>
        Given([.. InService(1), .. Guarding(2, 1)]).When(ShipIt).Then(ShipRequested(3));

    [Fact]
    public void NoneMayBeOnItsWayBack() =>
        Given([.. InService(2), ReturnRequested(3, to: 1)])
            .When(ShipIt)
            .ThenRefused(
                "one-release-at-a-time",
                "rel-3 of bank is on its way (waiting): wait for it, as it goes back"
            );

    [Fact]
    public void AFreezeRefusesItAtOnceAndSaysWhose()
    {
        var story = Given([.. InService(1), new Event.Frozen(null, "year end")]).When(ShipIt);

        story.Then(
            ShipRequested(2),
            new Event.GateDecided(Release(2), [new("not-frozen", false, "frozen by alice: year end")])
        );
        Assert.Equal(
            (Phase.Ended, Outcome.Refused, "not-frozen: frozen by alice: year end"),
            (story.State.Releases[Release(2)].Phase, story.State.Releases[Release(2)].Outcome, OutcomeOf(story, 2))
        );
        Assert.Empty(story.State.Open(Name));
    }

    [Fact]
    public void AHaltRefusesItAtOnce() =>
        Given([.. InService(1), new Event.Halted(Name, "odd balances")])
            .When(ShipIt)
            .Then(
                ShipRequested(2),
                new Event.GateDecided(Release(2), [new("not-halted", false, "halted by alice: odd balances")])
            );

    [Theory]
    [InlineData("")]
    [InlineData(" \n")]
    public void AReasonIsAskedFor(string reason) =>
        Given().When(ShipIt with { Reason = reason }).ThenRefused("reason-required", "--reason");

    [Fact]
    public void AReasonIsNoEssay()
    {
        Given()
            .When(ShipIt with { Reason = new string('x', Decider.LongestReason + 1) })
            .ThenRefused("reason-too-long");
        var longest = new string('x', Decider.LongestReason);
        Given()
            .When(ShipIt with { Reason = longest })
            .Then(new Event.ShipRequested(Release(1), Mark(1), Commit, Declared, longest));
    }

    private static string? OutcomeOf(Story story, int n) => story.State.Releases[Release(n)].OutcomeReason;
}
