using System.Diagnostics;
using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>
/// Decides a command against the current state. Pure: the same state and command give the same events.
/// </summary>
public static class Decider
{
    public const int LongestReason = 1000;

    /// <param name="by">Who says so: a person with a token of his own where the state has one of that name.</param>
    public static Decision Decide(State state, Command command, Actor by) =>
        command switch
        {
            Command.Person wish => Unreasoned(wish) ?? RoleRules.Decide(state, wish, by) ?? Decide(state, wish, by),
            Command.Record c => RecordRules.Decide(state, c.Event, c.Seen),
            _ => throw new UnreachableException(command.GetType().Name),
        };

    private static Decision Decide(State state, Command.Person command, Actor by) =>
        command switch
        {
            Command.Ship c => Ship(state, c),
            Command.Rollback c => RollbackRules.Decide(state, c),
            Command.Advance c => AdvanceRules.Decide(state, c),
            Command.EraseAuthor c => EraseRules.Decide(state, c),
            Command.RetireCase c => CaseRules.Decide(state, c),
            Command.AddPerson c => PersonRules.Decide(state, c),
            Command.ChangePerson c => PersonRules.Decide(state, c),
            Command.RemovePerson c => PersonRules.Decide(state, c),
            Command.Approve c => ApprovalRules.Decide(state, c, by),
            Command.Decline c => ApprovalRules.Decide(state, c),
            Command.Review c => ApprovalRules.Decide(state, c, by),
            Command.ReviewEmergency c => ApprovalRules.Decide(state, c, by),
            Command.Enforce c => EnforceRules.Decide(state, c),
            Command.Observe c => EnforceRules.Decide(state, c),
            Command.Wants => new Accepted([]),
            _ => Hold(state, command, by),
        };

    private static Decision Hold(State state, Command.Person command, Actor by) =>
        command switch
        {
            Command.Halt c => Hold(
                state,
                c.Service,
                s => s.Halted,
                state.Halted,
                new Event.Halted(c.Service, c.Reason),
                by
            ),
            Command.Resume c => Lift(
                state,
                c.Service,
                s => s.Halted,
                state.Halted,
                new Event.Resumed(c.Service, c.Reason),
                "halted",
                by
            ),
            Command.Freeze c => Hold(
                state,
                c.Service,
                s => s.Frozen,
                state.Frozen,
                new Event.Frozen(c.Service, c.Reason),
                by
            ),
            Command.Thaw { Service: { } name, Window: { } window } when IsFrozen(state, name) => new Refused(
                "window-holds",
                $"{name} would be frozen again at once: {window}; wait until that is over, or change the team's file"
            ),
            Command.Thaw c => Lift(
                state,
                c.Service,
                s => s.Frozen,
                state.Frozen,
                new Event.Thawed(c.Service, c.Reason),
                "frozen",
                by
            ),
            _ => throw new UnreachableException(command.GetType().Name),
        };

    /// <summary>What the log keeps of a person's command that was refused.</summary>
    public static Event.CommandRefused Refusal(Command.Person command, Refused refused) =>
        new(NameOf(command), command.About, refused.Rule, refused.Reason);

    internal static string NameOf(Command.Person command) =>
        command switch
        {
            Command.Wants { What: Wish.ShipInEmergency } => "ship",
            Command.Wants c => c.What.ToString().ToLowerInvariant(),
            _ => command.GetType().Name.ToLowerInvariant(),
        };

    private static Refused? Unreasoned(Command.Person command) =>
        string.IsNullOrWhiteSpace(command.Reason) ? new("reason-required", "say why, with --reason \"…\"")
        : command.Reason.Length > LongestReason
            ? new("reason-too-long", $"a reason has at most {LongestReason} characters, not {command.Reason.Length}")
        : null;

    private static Decision Ship(State state, Command.Ship c)
    {
        var name = c.Manifest.Name;
        var onItsWay = state.Open(name).FirstOrDefault(r => r.Phase != Phase.Guarding);
        if (onItsWay is not null)
        {
            return new Refused(
                "one-release-at-a-time",
                $"{onItsWay.Id} of {name} is on its way ({onItsWay.Phase.ToString().ToLowerInvariant()}): wait for it"
                    + (
                        onItsWay.Kind == ReleaseKind.Return
                            ? $", as it goes back to {onItsWay.Mark}"
                            : $", or take it back with: mint rollback {name} --reason \"…\""
                    )
            );
        }
        if (HostRules.Refuse(state, c.Manifest) is { } taken)
            return new Refused("one-service-for-a-host", taken);
        var mark = new Mark(name, (state.Find(name)?.Builds ?? 0) + 1);
        var release = state.NextRelease();
        List<Event> events = [new Event.ShipRequested(release, mark, c.Source, c.Manifest, c.Reason, c.Emergency)];
        var stops = Holding(state, name, c.Emergency).Where(control => !control.Passed).ToList();
        if (stops.Count > 0)
            events.Add(new Event.GateDecided(release, stops));
        return new Accepted(events);
    }

    /// <summary>The controls that hold every forward move of a release, judged now.</summary>
    public static IEnumerable<ControlResult> Holding(State state, Release release) =>
        Holding(state, release.Service, release.Emergency);

    private static IEnumerable<ControlResult> Holding(State state, ServiceName service, bool emergency)
    {
        yield return state.FreezeOf(service) is { } freeze
            ? new ControlResult("not-frozen", false, $"frozen by {freeze.By}: {freeze.Reason}")
            : new ControlResult("not-frozen", true, "no freeze");
        yield return state.HaltOf(service) is { } halt
            ? new ControlResult("not-halted", false, $"halted by {halt.By}: {halt.Reason}")
            : new ControlResult("not-halted", true, "no halt");
        if (!emergency)
            yield return Looked(state, service);
    }

    private static ControlResult Looked(State state, ServiceName service)
    {
        const string control = "emergency-reviewed";
        return Duties.Unreviewed(state, service).FirstOrDefault() is { } release
            ? new(
                control,
                false,
                $"the emergency release {release.Id} ({release.Mark}) was not looked at since",
                Remedy: $"mint review {release.Id} --reason \"…\", by neither of those who made it"
            )
            : new(control, true, "no emergency release is open to review");
    }

    private static Decision Hold(
        State state,
        ServiceName? service,
        Func<Service, Hold?> of,
        Hold? all,
        Event set,
        Actor by
    )
    {
        if (service is { } name && state.Find(name) is null)
            return UnknownService(state, name);
        var already = service is { } known ? of(state.Services[known]) : all;
        // What the clock set it lifts, or keeps for another reason: a person's own word stays beyond that.
        var isNews = !IsByTheClock(by) || (set is Event.Frozen frozen && frozen.Reason != already?.Reason);
        return new Accepted(already is null || (IsByTheClock(already.By) && isNews) ? [set] : []);
    }

    private static bool IsFrozen(State state, ServiceName name) => state.Find(name)?.Frozen is not null;

    /// <summary>Parts of the control plane have a name that no person can have.</summary>
    private static bool IsByTheClock(Actor by) => by.Name.StartsWith("mintmark/", StringComparison.Ordinal);

    private static Decision Lift(
        State state,
        ServiceName? service,
        Func<Service, Hold?> of,
        Hold? all,
        Event lifted,
        string what,
        Actor by
    )
    {
        if (service is not { } name)
            return new Accepted(all is null ? [] : [lifted]);
        if (state.Find(name) is not { } known)
            return UnknownService(state, name);
        // A person may have frozen it since the clock looked: that is not the clock's to lift.
        if (of(known) is { } hold)
            return new Accepted(IsByTheClock(by) && !IsByTheClock(hold.By) ? [] : [lifted]);
        return all is null
            ? new Accepted([])
            : new Refused($"everything-is-{what}", $"everything is {what}, not {name} alone: lift it with --all");
    }

    internal static Refused UnknownService(State state, ServiceName name) =>
        new(
            "unknown-service",
            $"no service '{name}' has been shipped here; known: "
                + (state.Services.IsEmpty ? "none yet" : string.Join(", ", state.Services.Keys))
        );
}
