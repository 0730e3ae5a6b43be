using System.Diagnostics;
using static Mintmark.Releases.Decision;

namespace Mintmark.Releases;

/// <summary>
/// Decides a command against the current state. Pure: the same state and command give the same events.
/// </summary>
public static class Decider
{
    public const int LongestReason = 1000;

    public static Decision Decide(State state, Command command)
    {
        if (command is Command.Person person && Unreasoned(person) is { } unreasoned)
            return unreasoned;
        return command switch
        {
            Command.Ship c => Ship(state, c),
            Command.Rollback c => RollbackRules.Decide(state, c),
            Command.Advance c => AdvanceRules.Decide(state, c),
            Command.EraseAuthor c => EraseRules.Decide(state, c),
            Command.Halt c => Hold(
                state,
                c.Service,
                s => s.Halted,
                state.Halted,
                new Event.Halted(c.Service, c.Reason)
            ),
            Command.Resume c => Lift(
                state,
                c.Service,
                s => s.Halted,
                state.Halted,
                new Event.Resumed(c.Service, c.Reason),
                "halted"
            ),
            Command.Freeze c => Hold(
                state,
                c.Service,
                s => s.Frozen,
                state.Frozen,
                new Event.Frozen(c.Service, c.Reason)
            ),
            Command.Thaw c => Lift(
                state,
                c.Service,
                s => s.Frozen,
                state.Frozen,
                new Event.Thawed(c.Service, c.Reason),
                "frozen"
            ),
            Command.Record c => RecordRules.Decide(state, c.Event),
            _ => throw new UnreachableException(command.GetType().Name),
        };
    }

    /// <summary>What the log keeps of a person's command that was refused.</summary>
    public static Event.CommandRefused Refusal(Command.Person command, Refused refused) =>
        new(
            command.GetType().Name.ToLowerInvariant(),
            command switch
            {
                Command.Ship c => c.Manifest.Name,
                Command.Rollback c => c.Service,
                Command.Advance or Command.EraseAuthor => null,
                Command.Halt c => c.Service,
                Command.Resume c => c.Service,
                Command.Freeze c => c.Service,
                Command.Thaw c => c.Service,
                _ => throw new UnreachableException(command.GetType().Name),
            },
            refused.Rule,
            refused.Reason
        );

    private static Refused? Unreasoned(Command.Person command)
    {
        var reason = command switch
        {
            Command.Ship c => c.Reason,
            Command.Rollback c => c.Reason,
            Command.Advance c => c.Reason,
            Command.EraseAuthor c => c.Reason,
            Command.Halt c => c.Reason,
            Command.Resume c => c.Reason,
            Command.Freeze c => c.Reason,
            Command.Thaw c => c.Reason,
            _ => throw new UnreachableException(command.GetType().Name),
        };
        if (string.IsNullOrWhiteSpace(reason))
            return new("reason-required", "say why, with --reason \"…\"");
        return reason.Length > LongestReason
            ? new Refused("reason-too-long", $"a reason has at most {LongestReason} characters, not {reason.Length}")
            : null;
    }

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
        var mark = new Mark(name, (state.Find(name)?.Builds ?? 0) + 1);
        var release = state.NextRelease();
        List<Event> events = [new Event.ShipRequested(release, mark, c.Source, c.Manifest, c.Reason)];
        var stops = Holding(state, name).Where(control => !control.Passed).ToList();
        if (stops.Count > 0)
            events.Add(new Event.GateDecided(release, stops));
        return new Accepted(events);
    }

    /// <summary>The controls that hold every forward move, judged now.</summary>
    public static IEnumerable<ControlResult> Holding(State state, ServiceName service)
    {
        yield return state.FreezeOf(service) is { } freeze
            ? new ControlResult("not-frozen", false, $"frozen by {freeze.By}: {freeze.Reason}")
            : new ControlResult("not-frozen", true, "no freeze");
        yield return state.HaltOf(service) is { } halt
            ? new ControlResult("not-halted", false, $"halted by {halt.By}: {halt.Reason}")
            : new ControlResult("not-halted", true, "no halt");
    }

    private static Decision Hold(State state, ServiceName? service, Func<Service, Hold?> of, Hold? all, Event set)
    {
        if (service is { } name && state.Find(name) is null)
            return UnknownService(state, name);
        var already = service is { } known ? of(state.Services[known]) : all;
        return new Accepted(already is null ? [set] : []);
    }

    private static Decision Lift(
        State state,
        ServiceName? service,
        Func<Service, Hold?> of,
        Hold? all,
        Event lifted,
        string what
    )
    {
        if (service is not { } name)
            return new Accepted(all is null ? [] : [lifted]);
        if (state.Find(name) is not { } known)
            return UnknownService(state, name);
        if (of(known) is not null)
            return new Accepted([lifted]);
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
