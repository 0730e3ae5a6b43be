namespace Mintmark.Releases;

/// <summary>The part of the fold that concerns instances.</summary>
internal static class InstanceFold
{
    /// <returns>Null where the event is none of an instance.</returns>
    public static State? Apply(State state, Event what, DateTimeOffset at) =>
        what switch
        {
            Event.InstancePlanned e => Planned(state, e, at),
            Event.InstanceStarted e => With(
                state,
                e.Instance,
                i =>
                    Enter(state, i, InstancePhase.Started, at) with
                    {
                        Pid = e.Pid,
                        StartTicks = e.StartTicks,
                        Digest = e.Digest,
                    }
            ),
            Event.InstanceHealthChanged e => With(
                state,
                e.Instance,
                i =>
                    Enter(state, i, e.Healthy ? InstancePhase.Healthy : InstancePhase.Unhealthy, at) with
                    {
                        Note = e.Reason,
                    }
            ),
            Event.InstanceStopping e => With(
                state,
                e.Instance,
                i => Enter(state, i, InstancePhase.Stopping, at) with { Note = e.Reason }
            ),
            Event.InstanceExited e => Exited(state, e, at),
            Event.InvariantsReported e => With(
                state,
                e.Instance,
                i => i with { Invariants = new InvariantsRecord(at, e.Step, e.Results, state.Size) }
            ),
            _ => null,
        };

    private static State Planned(State state, Event.InstancePlanned e, DateTimeOffset at)
    {
        Invariant.Require(e.Instance == state.NextInstance(), "instances are counted without gaps");
        var instance = new Instance(
            e.Instance,
            e.Mark,
            e.Port,
            InstancePhase.Planned,
            at,
            at,
            null,
            null,
            null,
            null,
            null
        )
        {
            Entry = state.Size,
            PhaseEntry = state.Size,
        };
        var known = state with { Instances = state.Instances.Add(e.Instance, instance) };
        return Fold.With(known, e.Mark.Service, s => s with { Running = s.Running.Add(e.Instance) });
    }

    private static State Exited(State state, Event.InstanceExited e, DateTimeOffset at)
    {
        var exited = With(
            state,
            e.Instance,
            i => Enter(state, i, InstancePhase.Exited, at) with { ExitCode = e.ExitCode, Note = e.Reason }
        );
        var service = state.Instances[e.Instance].Mark.Service;
        return Fold.With(exited, service, s => s with { Running = s.Running.Remove(e.Instance) });
    }

    private static Instance Enter(State state, Instance instance, InstancePhase phase, DateTimeOffset at) =>
        instance with
        {
            Phase = phase,
            PhaseSince = at,
            PhaseEntry = state.Size,
        };

    private static State With(State state, InstanceId id, Func<Instance, Instance> change) =>
        state with
        {
            Instances = state.Instances.SetItem(id, change(state.Instances[id])),
        };
}
