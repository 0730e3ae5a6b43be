using Mintmark.Releases;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

/// <summary>Three numbers make a command: mostly the next sensible one, sometimes any at all.</summary>
static class Wishes
{
    private static readonly ServiceName[] Services = [Name, new("cards")];

    public static Command Of(State state, int kind, int pick, int number)
    {
        var service = Services[pick == 0 ? 1 : 0];
        ServiceName? held = number % 3 == 0 ? null : service;
        return kind switch
        {
            0 => Ship(service),
            1 or 11 => new Command.Rollback(service, null, Why),
            2 => new Command.Rollback(service, new Mark(service, 1 + number), Why),
            3 => new Command.Halt(held, Why),
            4 or 5 => new Command.Resume(held, Why),
            6 => new Command.Freeze(held, Why),
            7 or 8 => new Command.Thaw(held, Why),
            9 or 10 => new Command.Record(Stray(new ReleaseId(1 + pick), new InstanceId(1 + pick), number)),
            _ => Onward(state, service, number),
        };
    }

    private static Command.Ship Ship(ServiceName service) => new(Commit, Declared with { Name = service }, Why);

    private static Command Onward(State state, ServiceName service, int number)
    {
        var open = state.Open(service).ToList();
        if (open.Count == 0)
            return Ship(service);
        var release = open[number % open.Count];
        return new Command.Record(
            release.Phase switch
            {
                Phase.Building when number % 9 == 0 => new Event.BuildFailed(release.Id, BuildStage.Full, "1 failed"),
                Phase.Building => Built(release.Id.Number),
                Phase.Gating => new Event.GateDecided(release.Id, [number % 9 == 0 ? Failed : Passed]),
                Phase.Waiting => new Event.ReleaseAdmitted(release.Id, state.Find(service)!.Serving),
                Phase.Guarding when number % 5 == 0 => Judged(release.Id.Number, release.CurrentStep, Verdict.Worse),
                Phase.Guarding => GuardEnded(release.Id.Number),
                _ => Live(state, release, number),
            }
        );
    }

    private static Event Live(State state, Release release, int number)
    {
        var id = release.Id.Number;
        if (number % 37 == 0)
            return Judged(id, release.CurrentStep, Verdict.Worse);
        if (Up(state, release.Mark, number) is { } instance)
            return instance;
        if (release.Kind == ReleaseKind.Return || release.Baseline is null)
            return Promoted(id);
        if (release.Steps.LastOrDefault() is { Reached: null })
            return number % 2 == 0
                ? Outcomes(id, release.CurrentStep, "g", number)
                : GoodEnough(id, release.CurrentStep);
        return release.Steps.Count < Declared.Rollout.Steps.Count ? Step(id, release.Steps.Count) : Promoted(id);
    }

    private static Event? Up(State state, Mark mark, int number) =>
        state.Running(mark).LastOrDefault() switch
        {
            null => new Event.InstancePlanned(state.NextInstance(), mark, 20_000 + state.Instances.Count + number % 2),
            { Phase: InstancePhase.Planned } i => new Event.InstanceStarted(i.Id, 1, 1),
            { Phase: InstancePhase.Healthy } i when number % 7 == 0 => new Event.InstanceExited(i.Id, 1, "gone"),
            { Phase: InstancePhase.Healthy } => null,
            { Phase: InstancePhase.Stopping } i => new Event.InstanceExited(i.Id, 0, "stopped"),
            var i => new Event.InstanceHealthChanged(i.Id, true, "answers 200"),
        };

    private static Event Stray(ReleaseId release, InstanceId instance, int number) =>
        (number % 12) switch
        {
            0 => Promoted(release.Number),
            1 => GuardEnded(release.Number),
            2 => RolledBack(release.Number),
            3 => Judged(release.Number, number % 4 - 1, Verdict.Worse),
            4 => GoodEnough(release.Number, number % 3),
            5 => Step(release.Number, number % 3),
            6 => Outcomes(release.Number, number % 3, "g", number),
            7 => new Event.ReleaseAdmitted(release, null),
            8 => new Event.InstanceExited(instance, null, "gone"),
            9 => new Event.InstanceStopping(instance, "no longer wanted"),
            10 => new Event.InstancePlanned(instance, Mark(1), 20_000 + number),
            _ => Built(release.Number),
        };
}
