using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>Where instances live: this machine's processes, or the simulator's.</summary>
public interface IRuntime
{
    /// <summary>Every living process that belongs to an instance of this home. Zombies are dead.</summary>
    IReadOnlyList<LiveProcess> Living();

    /// <summary>
    /// A loopback port that nobody has: the next one after the port that was given last, so that one that has become
    /// free is not given out again at once, and a late request for the old instance never meets a new one.
    /// </summary>
    int FreePort(int last, IReadOnlySet<int> taken);

    /// <exception cref="LaunchException">No process was made.</exception>
    LiveProcess Start(LaunchPlan plan);

    /// <summary>The folder that the process runs in, as the system says; null where it does not.</summary>
    string? FolderOf(LiveProcess process);

    /// <summary>Signals every process of the instance, whatever it has forked.</summary>
    void Signal(InstanceId instance, StopSignal signal);

    /// <returns>Null where it cannot be learnt: this control plane did not start the process.</returns>
    int? ExitCode(InstanceId instance);

    /// <summary>Called each round for each instance: keeps its output within bounds.</summary>
    void CapOutput(InstanceId instance);

    /// <summary>The instance has exited: what it leaves may go, its last output may not.</summary>
    void Clear(InstanceId instance, IReadOnlySet<InstanceId> running);
}

/// <param name="ArtifactFolder">The unpacked version, read-only; the instance starts in it.</param>
public sealed record LaunchPlan(InstanceId Instance, Mark Mark, int Port, string ArtifactFolder, RunPlan Run);

/// <param name="StartTicks">The kernel's start time; with the pid it is the identity of the process.</param>
/// <param name="Leads">It leads a session, as the first process of an instance does.</param>
/// <param name="MemoryBytes">Memory that the process has for itself alone.</param>
public sealed record LiveProcess(InstanceId Instance, int Pid, long StartTicks, bool Leads, long MemoryBytes);

public enum StopSignal
{
    Kill = 9,
    Terminate = 15,
}

public sealed class LaunchException(string message, Exception? inner = null) : Exception(message, inner);
