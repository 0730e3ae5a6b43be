using Mintmark.Build;
using Mintmark.Gate;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Run;
using Mintmark.Ship;
using Mintmark.Watch;

namespace Mintmark.Simulation;

/// <summary>One life of the control plane: everything here is lost when it is killed.</summary>
internal sealed class SimulatedControlPlane
{
    private readonly IReadOnlyList<IReconciler> reconcilers;
    private readonly SimulatedBuilder builder;

    public SimulatedControlPlane(World world, LogKey key)
    {
        Journal = ReleaseJournal.Open(new SimulatedStorage(world.Disk), key, "simulation", world.Clock);
        builder = new SimulatedBuilder(world.Clock);
        Links = new SimulatedLinks([
            .. world.Gateways.Select(gateway => new SimulatedLink(
                Journal,
                gateway,
                world.Clock,
                world.Dice,
                world.Unreliable
            )),
        ]);
        reconcilers =
        [
            new BuildReconciler(Journal, builder),
            new GateReconciler(Journal, new ProfilePlace(null), world.Clock),
            new RunReconciler(
                Journal,
                world.Machine,
                world.Machine,
                Links,
                (mark, _) => Task.FromResult($"/versions/{mark}"),
                world.Clock,
                world.Notice,
                (mark, _, _) => Task.FromResult(Journal.State.Versions[mark].Artifact!.Digest)
            ),
            new WatchReconciler(Journal, world.Machine, world.Clock),
            new RehearsalReconciler(Journal, world.Gateways[0], world.Clock),
            new ShipReconciler(Journal, Links.Past, Links.IsHeardUntil, Verdicts.Against, world.Clock),
        ];
        Execute(new Command.Record(new Event.ControlPlaneStarted("simulation")), new Actor("mintmark/server"));
    }

    public ReleaseJournal Journal { get; }

    public SimulatedLinks Links { get; }

    public Decision Execute(Command command, Actor by)
    {
        var task = Journal.ExecuteAsync(command, by, CancellationToken.None);
        Invariant.Require(task.IsCompleted, "nothing waits in the simulation");
        return task.GetAwaiter().GetResult();
    }

    /// <summary>Each reconciler once. A full disk fails a round; the next one tries again.</summary>
    /// <exception cref="KilledException">The control plane died in the middle of it.</exception>
    public void Round()
    {
        builder.Continue();
        Complete(() => Links.RoundAsync());
        foreach (var reconciler in reconcilers)
            Complete(() => reconciler.ReconcileAsync(CancellationToken.None));
        if (Journal.Broken.IsCompleted)
            throw new KilledException();
    }

    private void Complete(Func<Task> round)
    {
        try
        {
            var task = round();
            Invariant.Require(task.IsCompleted, "nothing waits in the simulation");
            task.GetAwaiter().GetResult();
        }
        catch (Exception) when (Journal.Broken.IsCompleted)
        {
            // Whatever the round made of it: the process is gone. That is as intended only where we killed it.
            Invariant.Require(Journal.Broken.Result is KilledException, $"the journal broke: {Journal.Broken.Result}");
            throw new KilledException();
        }
        catch (LogStorageException)
        {
            // The disk is full: the round has failed and changed nothing that a later one does not see.
        }
        if (Journal.Broken.IsCompleted)
            throw new KilledException();
    }
}
