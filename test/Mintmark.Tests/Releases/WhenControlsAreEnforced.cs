using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

public sealed class WhenControlsAreEnforced
{
    private const string Control = "approved";
    private static readonly State Team = Story.Given([.. InService(1), .. People.All]);
    private static readonly DateTimeOffset Soon = Story.Noon.AddHours(1);

    private static readonly State Enforced = People.By(
        People.Approver,
        Team,
        new Event.ControlsEnforced(Name, [Control, "reviewed"], Why)
    );

    private static bool Is(State state, Release? release = null) =>
        Duties.IsEnforced(state, Name, Control, release, Soon);

    private static Command.Observe Observe(DateTimeOffset? until, params IReadOnlyList<string> controls) =>
        new(Name, controls, until, Soon, Why);

    [Fact]
    public void NothingIsAtFirst() => Assert.False(Is(Team));

    [Fact]
    public void OnlyWhatWasNotIsNew()
    {
        Assert.True(Is(Enforced));
        Enforced
            .When(People.Approver, new Command.Enforce(Name, [Control, "signed"], Why))
            .Then(new Event.ControlsEnforced(Name, ["signed"], Why));
    }

    [Fact]
    public void BackToObservedIsForAWhile()
    {
        Enforced.When(People.Approver, Observe(null, Control)).ThenRefused("expiry-needed");
        Enforced.When(People.Approver, Observe(Soon, Control)).ThenRefused("expiry-out-of-range");
        Enforced.When(People.Approver, Observe(Soon.AddDays(91), Control)).ThenRefused("expiry-out-of-range");
        var relaxed = Enforced.When(People.Approver, Observe(Soon.AddDays(2), Control, "other"));

        relaxed.Then(new Event.ControlsObserved(Name, [Control], Soon.AddDays(2), Why));
        Assert.False(Is(relaxed.State));
        Assert.True(Duties.IsEnforced(relaxed.State, Name, Control, null, Soon.AddDays(2)));
    }

    [Fact]
    public void EnforcedAgainItIsAtOnce()
    {
        var relaxed = Enforced.When(People.Approver, Observe(Soon.AddDays(2), Control)).State;
        var again = relaxed.When(People.Other, new Command.Enforce(Name, [Control], Why));

        again.Then(new Event.ControlsEnforced(Name, [Control], Why));
        Assert.True(Is(again.State));
    }

    [Fact]
    public void WhatSomebodyRelaxedHoldsForHisOwnReleasesStill()
    {
        var relaxed = Enforced.When(People.Approver, Observe(Soon.AddDays(2), Control)).State;

        Assert.True(Is(relaxed, Asked(relaxed, People.Approver)));
        Assert.False(Is(relaxed, Asked(relaxed, People.Engineer)));
    }

    [Fact]
    public void AllWhoBearTheHomesTokenAreOne()
    {
        var relaxed = Story.When(Enforced, Observe(Soon.AddDays(2), Control), People.Home).State;

        Assert.True(Is(relaxed, Asked(relaxed, "somebody")));
        Assert.False(Is(relaxed, Asked(relaxed, People.Engineer)));
    }

    [Theory]
    [InlineData("Approved")]
    [InlineData("a b")]
    [InlineData("")]
    public void WhatIsNoNameIsNone(string control) =>
        Enforced.When(People.Approver, new Command.Enforce(Name, [control], Why)).ThenRefused("unknown-control");

    [Fact]
    public void OfNoServiceThereIsNothing() =>
        Enforced
            .When(People.Approver, new Command.Enforce(new("cards"), [Control], Why))
            .ThenRefused("unknown-service");

    private static Release Asked(State state, string by) => People.By(by, state, ShipRequested(2)).Releases[Release(2)];
}
