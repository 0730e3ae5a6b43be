using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

public sealed class WhenThereIsAnEmergency
{
    private static readonly State After = People.AfterAnEmergency();

    private static Command.ReviewEmergency Review => new(Release(1), Why);

    [Fact]
    public void APersonAsksForIt()
    {
        var team = Story.Given(People.All);

        Story.When(team, ShipIt with { Emergency = true }, People.Home).ThenRefused("person-needed");
        team.When(People.Engineer, ShipIt with { Emergency = true }).Then(ShipRequested(1) with { Emergency = true });
    }

    [Fact]
    public void ADutyOfficerConsentsToo() =>
        People
            .AtTheGate(emergency: true)
            .When(People.Duty, new Command.Approve(Release(1), null, Why))
            .Then(new Event.ReleaseApproved(Release(1), Built(1).Artifact.Digest, Why));

    [Fact]
    public void NoDutyOfficerApprovesAnOrdinaryRelease() =>
        People.AtTheGate().When(People.Duty, new Command.Approve(Release(1), null, Why)).ThenRefused("role-needed");

    [Fact]
    public void TheNextOrdinaryReleaseIsRefusedUntilItIsLookedAt()
    {
        var refused = After.When(People.Engineer, ShipIt).State.Releases[Release(2)];

        Assert.Equal(Outcome.Refused, refused.Outcome);
        Assert.StartsWith("emergency-reviewed: the emergency release rel-1 (bank-1)", refused.OutcomeReason);
        Assert.Contains("mint review rel-1", refused.Gate[^1].Remedy);
    }

    [Fact]
    public void AnotherEmergencyIsNot() =>
        Assert.Null(After.When(People.Engineer, ShipIt with { Emergency = true }).State.Releases[Release(2)].Outcome);

    [Fact]
    public void NoneOfTheTwoWhoMadeItLooksAtIt()
    {
        After.When(People.Duty, Review).ThenRefused("own-emergency", "somebody else");
        Story
            .AfterBy(
                People.Home,
                After,
                new Event.PersonChanged(new(People.Engineer), [Role.Approver], null, null, Why)
            )
            .When(People.Engineer, Review)
            .ThenRefused("own-emergency");
        Story.When(After, Review, People.Home).ThenRefused("person-needed");
    }

    [Fact]
    public void OnceSomebodyElseHasTheNextGoesOn()
    {
        var reviewed = After.When(People.Other, Review);

        reviewed.Then(new Event.EmergencyReviewed(Release(1), Why));
        Assert.Null(reviewed.State.When(People.Engineer, ShipIt).State.Releases[Release(2)].Outcome);
        reviewed.State.When(People.Approver, Review).Then();
    }

    [Fact]
    public void OneThatTheGateRefusedIsNotLookedAt() =>
        Story
            .AfterBy(
                new Actor("mintmark/gate"),
                People.AtTheGate(emergency: true),
                new Event.GateDecided(Release(1), [Failed])
            )
            .When(People.Other, Review)
            .ThenRefused("nothing-to-review");

    [Fact]
    public void ARollbackIsNotHeldByIt()
    {
        var two = Story.AfterBy(People.Home, After, [.. Guarding(2, 1), GuardEnded(2)]);

        two.When(People.Engineer, Rollback()).Then(ReturnRequested(3, to: 1));
    }
}
