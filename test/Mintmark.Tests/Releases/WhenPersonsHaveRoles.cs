using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

public sealed class WhenPersonsHaveRoles
{
    private static readonly State Team = Story.Given([.. InService(2), .. People.All]);

    [Fact]
    public void WhoeverHasTheHomesTokenAddsThem() =>
        Story
            .When(Team, Add("nina", Role.Engineer), People.Home)
            .Then(new Event.PersonAdded(new("nina"), [Role.Engineer], People.Digest('1'), [], Why));

    [Fact]
    public void NoPersonAddsAnother() =>
        Team.When(People.Approver, Add("nina", Role.Approver)).ThenRefused("role-needed", "the home's own token");

    [Fact]
    public void NobodyIsThereTwice() =>
        Story.When(Team, Add(People.Engineer, Role.Approver), People.Home).ThenRefused("person-exists");

    [Theory]
    [InlineData("sha256:1")]
    [InlineData("sha256:")]
    [InlineData("md5:1111111111111111111111111111111111111111111111111111111111111111")]
    public void ATokenIsKnownByADigestOrNotAtAll(string digest) =>
        Story
            .When(Team, Add("nina", Role.Engineer) with { TokenDigest = digest }, People.Home)
            .ThenRefused("token-malformed");

    [Fact]
    public void ARemovedPersonIsRefusedAtOnce()
    {
        var without = Story.When(Team, new Command.RemovePerson(new(People.Engineer), Why), People.Home).State;

        without.When(People.Engineer, ShipIt).ThenRefused("person-removed");
        Assert.False(without.Persons[new(People.Engineer)].Has(Role.Engineer));
    }

    [Fact]
    public void ARoleThatStaysIsAsOldAsItWas()
    {
        var before = Team.Persons[new(People.Approver)].RolesSince[Role.Approver];

        var both = Story.When(
            Team,
            new Command.ChangePerson(new(People.Approver), [Role.Engineer, Role.Approver], null, null, Why),
            People.Home
        );

        var roles = both.State.Persons[new(People.Approver)].RolesSince;
        Assert.Equal(before, roles[Role.Approver]);
        Assert.True(roles[Role.Engineer].Entry > before.Entry);
    }

    [Fact]
    public void ARoleThatWasTakenAndGivenAgainIsNew()
    {
        var name = new PersonName(People.Approver);
        var without = Story.When(Team, new Command.ChangePerson(name, [Role.Auditor], null, null, Why), People.Home);
        var again = Story.When(
            without.State,
            new Command.ChangePerson(name, [Role.Approver], null, null, Why),
            People.Home
        );

        Assert.True(
            again.State.Persons[name].RolesSince[Role.Approver].Entry
                > Team.Persons[name].RolesSince[Role.Approver].Entry
        );
    }

    [Fact]
    public void WhoMayHaveItDoneLeavesNothingInTheLog() =>
        Team.When(People.Engineer, new Command.Wants(Wish.Ship, Why)).Then();

    [Fact]
    public void TheHomesTokenIsNoPersonInAnEmergencyBeforeAnythingIsRead() =>
        Story.When(Team, new Command.Wants(Wish.ShipInEmergency, Why), People.Home).ThenRefused("person-needed");

    [Fact]
    public void TheRoleComesBeforeWhatIsWrongWithTheWish()
    {
        var retire = new Command.RetireCase(Name, "Ledger.Rounds", Why, "Ledger.Rounds is passed in bank-2");

        Team.When(People.Auditor, retire).ThenRefused("role-needed");
        Team.When(People.Approver, retire).ThenRefused("case-not-missing", "is passed");
    }

    public static TheoryData<string, string> Wishes()
    {
        var data = new TheoryData<string, string>();
        foreach (var (wish, who) in Allowed)
            data.Add(wish, who);
        return data;
    }

    [Theory]
    [MemberData(nameof(Wishes))]
    public void EachSaysWhatItsRolesAreFor(string wish, string who)
    {
        var may = who.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var name in (string[])[People.Engineer, People.Approver, People.Other, People.Duty, People.Auditor])
        {
            var refused = Decider.Decide(Team, Said(wish), new Actor(name)) as Decision.Refused;
            Assert.Equal(may.Contains(name), refused?.Rule != "role-needed");
        }
    }

    /// <summary>By wish, who of the team may say it.</summary>
    private static readonly (string Wish, string Who)[] Allowed =
    [
        ("ship", "erin"),
        ("rollback", "erin adam olga dora"),
        ("halt", "erin adam olga dora"),
        ("resume", "dora"),
        ("freeze", "dora"),
        ("thaw", "dora"),
        ("advance", "adam olga dora"),
        ("approve", "adam olga"),
        ("decline", "adam olga"),
        ("review", "erin adam olga"),
        ("review-emergency", "adam olga dora"),
        ("enforce", "adam olga"),
        ("observe", "adam olga"),
        ("retire", "adam olga"),
        ("wants-ship", "erin"),
        ("wants-ship-in-emergency", "erin"),
        ("wants-review", "erin adam olga"),
        ("wants-advisories", "erin adam olga dora"),
        ("erase", ""),
        ("remove", ""),
    ];

    private static Command Said(string name) =>
        name switch
        {
            "ship" => ShipIt,
            "rollback" => Rollback(),
            "halt" => new Command.Halt(Name, Why),
            "resume" => new Command.Resume(Name, Why),
            "freeze" => new Command.Freeze(Name, Why),
            "thaw" => new Command.Thaw(Name, Why),
            "advance" => new Command.Advance(Release(1), Why, null),
            "approve" => new Command.Approve(Release(1), null, Why),
            "decline" => new Command.Decline(Release(1), null, Why),
            "review" => new Command.Review(Name, Commit.Commit, [], Why),
            "review-emergency" => new Command.ReviewEmergency(Release(1), Why),
            "enforce" => new Command.Enforce(Name, ["approved"], Why),
            "observe" => new Command.Observe(Name, ["approved"], Story.Noon.AddDays(1), Story.Noon, Why),
            "retire" => new Command.RetireCase(Name, "Ledger.Rounds", Why, null),
            "wants-ship" => new Command.Wants(Wish.Ship, Why),
            "wants-ship-in-emergency" => new Command.Wants(Wish.ShipInEmergency, Why),
            "wants-review" => new Command.Wants(Wish.Review, Why),
            "wants-advisories" => new Command.Wants(Wish.FetchAdvisories, Why),
            "erase" => new Command.EraseAuthor([Mark(1)], Why),
            _ => new Command.RemovePerson(new(People.Auditor), Why),
        };

    private static Command.AddPerson Add(string name, params IReadOnlyList<Role> roles) =>
        new(new(name), roles, People.Digest('1'), [], Why);
}
