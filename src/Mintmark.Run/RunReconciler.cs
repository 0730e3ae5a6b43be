using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>Keeps the instances that the state asks for, and the log true about them.</summary>
/// <param name="artifact">Makes sure that a version is unpacked and says where.</param>
/// <param name="notice">Told, in one line, what no event has a place for.</param>
/// <param name="look">Digest of what is in the folder that a version was unpacked to; null where nobody looks.</param>
public sealed class RunReconciler(
    ReleaseJournal journal,
    IRuntime runtime,
    IHealthProbe probe,
    IDrain drain,
    Func<Mark, CancellationToken, Task<string>> artifact,
    TimeProvider clock,
    Action<string> notice,
    Func<Mark, string, CancellationToken, Task<string>>? look = null
) : IReconciler
{
    private static readonly Actor Self = new("mintmark/run");

    private readonly HealthRounds health = new(probe);
    private readonly Dictionary<InstanceId, DateTimeOffset> terminated = [];
    private readonly Dictionary<InstanceId, Task<Unpacked>> unpacking = [];
    private readonly HashSet<InstanceId> strays = [];

    public string Name => "run";

    public TimeSpan Period { get; } = TimeSpan.FromMilliseconds(100);

    public async Task ReconcileAsync(CancellationToken ct)
    {
        var state = journal.State;
        var now = clock.GetUtcNow();
        var failures = new List<Exception>();
        health.Begin(state, now, ct);
        // Each is tried: a full disk has room left for what is no longer healthy, and not for what is again.
        await Task.WhenAll(health.Collect(state).Select(change => RecordAsync(change, ct)));
        foreach (var action in RunPlanner.Plan(journal.State, View(journal.State), now))
            await TryAsync(() => ActAsync(action, now, ct), failures);
        foreach (var instance in state.Running())
        {
            await TryAsync(
                () =>
                {
                    runtime.CapOutput(instance.Id);
                    return Task.CompletedTask;
                },
                failures
            );
        }
        if (failures.Count > 0)
            ExceptionDispatchInfo.Throw(failures[0]);
    }

    /// <summary>What goes wrong with one must not stop the others: it is told when they have been seen to.</summary>
    private static async Task TryAsync(Func<Task> act, List<Exception> failures)
    {
        try
        {
            await act();
        }
        catch (Exception wrong) when (wrong is not (OperationCanceledException or LogStorageException))
        {
            failures.Add(wrong);
        }
    }

    private RunView View(State state)
    {
        var stopping = state.Running().Where(i => i.Phase == InstancePhase.Stopping);
        var drained = stopping.Where(i => drain.IsDrained(i.Id, i.PhaseSince)).Select(i => i.Id).ToHashSet();
        return new RunView(runtime.Living(), drained, terminated);
    }

    private Task ActAsync(RunAction action, DateTimeOffset now, CancellationToken ct)
    {
        switch (action)
        {
            case RunAction.Add add:
                return RecordAsync(Planned(add.Mark), ct);
            case RunAction.Launch launch:
                return LaunchAsync(journal.State.Instances[launch.Instance], ct);
            case RunAction.Adopt { Process: var p }:
                return AdoptAsync(p, ct);
            case RunAction.Stop stop:
                return RecordAsync(new Event.InstanceStopping(stop.Instance, stop.Reason), ct);
            case RunAction.Terminate terminate:
                terminated[terminate.Instance] = now;
                runtime.Signal(terminate.Instance, StopSignal.Terminate);
                return Task.CompletedTask;
            case RunAction.Kill kill:
                runtime.Signal(kill.Instance, StopSignal.Kill);
                return Task.CompletedTask;
            case RunAction.KillStray stray:
                if (strays.Add(stray.Instance))
                    notice($"processes of {stray.Instance}, which should have none, are killed");
                runtime.Signal(stray.Instance, StopSignal.Kill);
                return Task.CompletedTask;
            case RunAction.Exit exit:
                return ExitAsync(exit.Instance, exit.Reason, ct);
            default:
                throw new UnreachableException(action.GetType().Name);
        }
    }

    private Event.InstancePlanned Planned(Mark mark)
    {
        var state = journal.State;
        var last = state.Instances.IsEmpty ? 0 : state.Instances[new InstanceId(state.Instances.Count)].Port;
        var taken = state.Running().Select(i => i.Port).ToHashSet();
        return new Event.InstancePlanned(state.NextInstance(), mark, runtime.FreePort(last, taken));
    }

    /// <summary>
    /// The plan of this instance is in the log. Killed between Start and the record of it, the next control plane finds
    /// the process by its environment and adopts it.
    /// </summary>
    private async Task LaunchAsync(Instance instance, CancellationToken ct)
    {
        if (!unpacking.TryGetValue(instance.Id, out var unpacked))
            unpacking[instance.Id] = unpacked = UnpackAsync(instance.Mark, ct);
        if (!unpacked.IsCompleted)
            return;
        unpacking.Remove(instance.Id);
        if (!unpacked.IsCompletedSuccessfully)
        {
            ct.ThrowIfCancellationRequested();
            var why = unpacked.Exception?.GetBaseException().Message ?? "cancelled";
            await ExitAsync(instance.Id, $"cannot be unpacked: {why}", ct);
            return;
        }
        var run = journal.State.Versions[instance.Mark].Manifest.Run;
        try
        {
            var (folder, digest) = await unpacked;
            var first = runtime.Start(new LaunchPlan(instance.Id, instance.Mark, instance.Port, folder, run));
            await RecordAsync(Started(first, folder, digest), ct);
        }
        catch (LaunchException failure)
        {
            await ExitAsync(instance.Id, $"cannot be started: {failure.Message}", ct);
        }
    }

    private async Task<Unpacked> UnpackAsync(Mark mark, CancellationToken ct)
    {
        var folder = await artifact(mark, ct);
        return new Unpacked(folder, look is null ? null : await look(mark, folder, ct));
    }

    /// <summary>Its process is there, and is looked at as one that was started here would be.</summary>
    private async Task AdoptAsync(LiveProcess process, CancellationToken ct)
    {
        var (folder, digest) = await UnpackAsync(journal.State.Instances[process.Instance].Mark, ct);
        await RecordAsync(Started(process, folder, digest), ct);
    }

    /// <summary>What it runs from is what the system says of the process, not what it was asked to.</summary>
    private Event.InstanceStarted Started(LiveProcess process, string folder, string? digest) =>
        new(
            process.Instance,
            process.Pid,
            process.StartTicks,
            digest is not null && runtime.FolderOf(process) == folder ? digest : null
        );

    private async Task ExitAsync(InstanceId id, string? reason, CancellationToken ct)
    {
        var code = runtime.ExitCode(id);
        await RecordAsync(new Event.InstanceExited(id, code, reason ?? RunReasons.Exited(code)), ct);
        terminated.Remove(id);
        unpacking.Remove(id);
        runtime.Clear(id, journal.State.Running().Select(i => i.Id).ToHashSet());
    }

    private sealed record Unpacked(string Folder, string? Digest);

    /// <summary>A refusal means that the state has moved on: the next round sees it anew.</summary>
    private Task RecordAsync(Event what, CancellationToken ct) =>
        journal.ExecuteAsync(new Command.Record(what), Self, ct);
}
