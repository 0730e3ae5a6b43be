using FsCheck;
using FsCheck.Fluent;
using Mintmark.Gate;
using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using Outcome = Mintmark.Releases.Outcome;

namespace Mintmark.Tests.Releases;

/// <summary>
/// Separation of duties: whatever one person says, in whatever order and with whatever roles, and whatever the gate and
/// the other reconcilers make of it, no version of his comes into service where the profile asks for two.
/// </summary>
public sealed class WhenOnePersonTriesEverything
{
    private const string Approved = "approved-by-another";
    private const string Reviewed = "reviewed-by-another";
    private static readonly PersonName Mallory = new("mallory");
    private static readonly ProfilePlace Profiles = new(null);
    private static readonly Actor Control = new("mintmark/gate");

    /// <summary>What was seen in all runs of this test, to know that they lead somewhere.</summary>
    private readonly HashSet<string> seen = [];

    [Fact]
    public void NothingOfHisComesIntoService() => Run(helped: false, state => Assert.Empty(Served(state)));

    /// <summary>
    /// With one seed for ever: the wishes are only worth something if a second person makes them lead on.
    /// </summary>
    [Fact]
    public void WithASecondPersonItDoes()
    {
        var served = 0;
        Run(helped: true, state => served += Served(state).Count());

        Assert.True(served > 5, $"{served} releases");
        string[] everywhere = ["own-release", "own-commit", "role-needed", "own-emergency"];
        Assert.Empty(everywhere.Except(seen));
    }

    /// <summary>Releases that he asked for and that were promoted.</summary>
    private static IEnumerable<Release> Served(State state) =>
        state.Releases.Values.Where(r =>
            r.By == Mallory.Actor
            && r.Kind == ReleaseKind.Ship
            && r.Phase >= Phase.Guarding
            && r.Outcome is null or Outcome.Promoted
        );

    private void Run(bool helped, Action<State> holds)
    {
        var wish =
            from kind in Gen.Choose(0, 19)
            from who in Gen.Choose(0, 9)
            from number in Gen.Choose(0, 9)
            select (kind, who, number);
        var config = Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(150);
        if (helped)
            config = config.WithReplay(7, 11);
        var roles = Gen.Choose(1, 15);
        Check.One(
            config,
            Prop.ForAll(
                (from r in roles from w in wish.ListOf() select (r, w)).ToArbitrary(),
                life => holds(Live(life.r, helped, [.. life.w]))
            )
        );
    }

    private State Live(int roles, bool helped, (int Kind, int Who, int Number)[] wishes)
    {
        var state = Team([.. Enum.GetValues<Role>().Where(role => (roles & (1 << (int)role)) != 0)]);
        foreach (var (kind, who, number) in wishes)
        {
            // The helper says what an honest approver says; he never asks for a release.
            var speaker = helped && who == 0 ? new Actor(People.Approver) : Mallory.Actor;
            state = Say(state, speaker, Wish(state, kind, number));
            state = Onward(state, number);
        }
        return state;
    }

    /// <summary>A bank in service whose profile asks for two.</summary>
    private static State Team(IReadOnlyList<Role> roles) =>
        Story.AfterBy(
            People.Home,
            Story.Given(InService(1)),
            [
                .. People.All,
                new Event.PersonAdded(Mallory, roles, People.Digest('5'), ["mallory@"], Why),
                new Event.ControlsEnforced(Name, [Approved, Reviewed], Why),
            ]
        );

    private State Say(State state, Actor by, Command command)
    {
        var decision = Decider.Decide(state, command, by);
        if (decision is Decision.Refused refused)
            seen.Add(refused.Rule);
        return decision is Decision.Accepted accepted ? Story.AfterBy(by, state, accepted.Events) : state;
    }

    private static Command Wish(State state, int kind, int number)
    {
        var release = state.Releases.Keys.Last();
        var soon = Story.Noon.AddDays(1);
        string[] control = [number % 2 == 0 ? Approved : Reviewed];
        return kind switch
        {
            0 or 1 or 2 => ShipIt with { Emergency = number < 3 },
            3 or 4 or 5 => new Command.Approve(release, number % 3 == 0 ? Built(1).Artifact.Digest : null, Why),
            6 or 7 => new Command.Review(Name, Commit.Commit, number % 4 == 0 ? [] : ["mallory@"], Why),
            8 or 9 => new Command.ReviewEmergency(Emergency(state) ?? release, Why),
            10 or 11 => new Command.Observe(Name, control, soon, Story.Noon, Why),
            12 => new Command.Enforce(Name, control, Why),
            13 => new Command.Rollback(Name, number == 0 ? Mark(1) : null, Why),
            14 => new Command.Advance(release, Why, null),
            15 => new Command.AddPerson(new("sock"), [Role.Approver], People.Digest('6'), [], Why),
            16 => new Command.ChangePerson(Mallory, [Role.Engineer, Role.Approver], null, [], Why),
            17 => number == 0
                ? new Command.Decline(release, null, Why)
                : new Command.RemovePerson(new(People.Approver), Why),
            18 => number % 2 == 0 ? new Command.Freeze(Name, Why) : new Command.Thaw(Name, Why),
            _ => number % 2 == 0 ? new Command.Halt(Name, Why) : new Command.Resume(Name, Why),
        };
    }

    private static ReleaseId? Emergency(State state) =>
        state.Services[Name].Emergencies is [.., var last] ? last : null;

    /// <summary>What reconcilers would record, as far as it is to be had at this moment.</summary>
    private State Onward(State state, int number)
    {
        for (var round = 0; round < number; round++)
        {
            if (state.Open(Name).LastOrDefault() is not { } release || Next(state, release) is not { } next)
                return state;
            state = Say(state, Control, new Command.Record(next, state.Size));
        }
        return state;
    }

    private static Event? Next(State state, Release release)
    {
        var id = release.Id.Number;
        if (release.Phase is Phase.Starting or Phase.Ramping && state.Running(release.Mark).All(i => !Up(i)))
            return Started(state, release.Mark);
        return release.Phase switch
        {
            Phase.Building => Building(state, release),
            Phase.Gating => Gate(state, release),
            Phase.Waiting => new Event.ReleaseAdmitted(release.Id, state.Services[Name].Serving),
            Phase.Starting when release.Kind == ReleaseKind.Return => Promoted(id),
            Phase.Starting => Step(id, 0),
            Phase.Ramping when !release.Steps[^1].HasPassed() => GoodEnough(id, release.CurrentStep),
            Phase.Ramping when release.Steps.Count < 2 => Step(id, release.Steps.Count),
            Phase.Ramping => Promoted(id),
            Phase.Guarding => GuardEnded(id),
            _ => null,
        };
    }

    /// <summary>What the gate would record.</summary>
    private static Event? Gate(State state, Release release)
    {
        var now = Story.Noon.AddHours(1);
        var policy = Profiles.PolicyOf(Declared.Profile, state, release, now);
        var results = Controls.Judge(state, release, policy, now);
        if (results.Any(r => r.Refuses))
            return new Event.GateDecided(release.Id, results);
        return results.Any(r => r.Standing == Standing.Awaited) ? null : new Event.GateDecided(release.Id, results);
    }

    private static bool Up(Instance instance) => instance.Phase == InstancePhase.Healthy;

    private static Event Started(State state, Mark mark) =>
        state.Running(mark).LastOrDefault() switch
        {
            null => new Event.InstancePlanned(state.NextInstance(), mark, 30_000 + state.Instances.Count),
            { Phase: InstancePhase.Planned } i => new Event.InstanceStarted(i.Id, 1, 1),
            var i => new Event.InstanceHealthChanged(i.Id, true, "answers 200"),
        };

    private static Event Building(State state, Release release) =>
        state.Versions[release.Mark].Suites.Count switch
        {
            0 => new Event.SuiteFinished(release.Id, Suite("smoke", 3)),
            1 => new Event.SuiteFinished(release.Id, Suite("full", 30)),
            _ => WrittenBy(Built(release.Id.Number), Mallory),
        };

    private static Event.VersionBuilt WrittenBy(Event.VersionBuilt built, PersonName author)
    {
        var source = new SourceSummary(SignatureState.Good, 1, [], [], null, [author], 0);
        var evidence = new BuildEvidence([], 0, [], Source: source, Secrets: SecretsSummary.None);
        return built with { Artifact = built.Artifact with { Evidence = evidence } };
    }
}
