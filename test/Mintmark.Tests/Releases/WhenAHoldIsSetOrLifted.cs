using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using static Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Releases;

public sealed class WhenAHoldIsSetOrLifted
{
    private static readonly State Served = Given(InService(1));

    [Fact]
    public void AHaltSaysWhoAndWhy()
    {
        var story = Served.When(new Command.Halt(Name, Why)).Then(new Event.Halted(Name, Why));

        var halt = story.State.HaltOf(Name)!;
        Assert.Equal((Alice, Why), (halt.By, halt.Reason));
        Assert.Null(story.State.FreezeOf(Name));
    }

    [Fact]
    public void EverythingCanBeHaltedAlsoWithoutAnyService() =>
        Assert.NotNull(Given().When(new Command.Halt(null, Why)).Then(new Event.Halted(null, Why)).State.HaltOf(Name));

    [Fact]
    public void AFreezeIsNoHalt()
    {
        var story = Served.When(new Command.Freeze(Name, Why)).Then(new Event.Frozen(Name, Why));

        Assert.NotNull(story.State.FreezeOf(Name));
        Assert.Null(story.State.HaltOf(Name));
    }

    [Fact]
    public void WhatIsAsWishedAlreadyNeedsNoEvent()
    {
        After(Served, new Event.Halted(Name, Why)).When(new Command.Halt(Name, Why)).Then();
        After(Served, new Event.Frozen(null, Why)).When(new Command.Freeze(null, Why)).Then();
        Served.When(new Command.Resume(Name, Why)).Then();
        Served.When(new Command.Thaw(null, Why)).Then();
    }

    [Fact]
    public void EachIsLiftedByItsOwnWord()
    {
        var held = After(Served, new Event.Halted(Name, Why), new Event.Frozen(Name, Why));

        var resumed = held.When(new Command.Resume(Name, Why)).Then(new Event.Resumed(Name, Why)).State;
        Assert.Null(resumed.HaltOf(Name));
        Assert.NotNull(resumed.FreezeOf(Name));
        var thawed = held.When(new Command.Thaw(Name, Why)).Then(new Event.Thawed(Name, Why)).State;
        Assert.Null(thawed.FreezeOf(Name));
        Assert.NotNull(thawed.HaltOf(Name));
    }

    [Fact]
    public void AServiceIsNotFreedFromAHoldOfEverything()
    {
        After(Served, new Event.Halted(null, Why))
            .When(new Command.Resume(Name, Why))
            .ThenRefused("everything-is-halted");
        After(Served, new Event.Frozen(null, Why))
            .When(new Command.Thaw(Name, Why))
            .ThenRefused("everything-is-frozen");
    }

    [Fact]
    public void AServicesOwnHoldOutlivesThatOfEverything()
    {
        var both = After(Served, new Event.Halted(null, Why), new Event.Halted(Name, "odd balances"));

        var resumed = both.When(new Command.Resume(null, Why)).Then(new Event.Resumed(null, Why)).State;
        Assert.Equal("odd balances", resumed.HaltOf(Name)!.Reason);
    }

    [Fact]
    public void AnUnknownServiceIsRefused()
    {
        var other = new ServiceName("cards");
        Served.When(new Command.Halt(other, Why)).ThenRefused("unknown-service", "known: bank");
        Served.When(new Command.Resume(other, Why)).ThenRefused("unknown-service");
        Served.When(new Command.Freeze(other, Why)).ThenRefused("unknown-service");
        Served.When(new Command.Thaw(other, Why)).ThenRefused("unknown-service");
    }

    [Fact]
    public void ItHoldsWithoutAReasonNowhere()
    {
        Command[] unreasoned =
        [
            new Command.Halt(Name, ""),
            new Command.Resume(Name, ""),
            new Command.Freeze(Name, ""),
            new Command.Thaw(Name, ""),
        ];
        foreach (var command in unreasoned)
            Served.When(command).ThenRefused("reason-required");
    }

    [Fact]
    public void AReleaseOnItsWayStaysWhereItIs()
    {
        var halted = Given([.. InService(1), .. Ramping(2, 1)]).When(new Command.Halt(Name, Why)).State;

        Assert.Equal(Phase.Ramping, halted.Releases[Release(2)].Phase);
        Assert.Equal(Mark(1), halted.Find(Name)!.Serving);
    }
}
