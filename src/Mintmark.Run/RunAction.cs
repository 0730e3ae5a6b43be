using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>One thing to do for instances to be as the state says.</summary>
public abstract record RunAction
{
    private RunAction() { }

    /// <summary>Plan another instance; its process comes in the next round.</summary>
    public sealed record Add(Mark Mark) : RunAction;

    public sealed record Launch(InstanceId Instance) : RunAction;

    /// <summary>The process is there; only the log does not know yet.</summary>
    public sealed record Adopt(LiveProcess Process) : RunAction;

    public sealed record Stop(InstanceId Instance, string Reason) : RunAction;

    public sealed record Terminate(InstanceId Instance) : RunAction;

    public sealed record Kill(InstanceId Instance) : RunAction;

    /// <param name="Reason">Null where the exit code tells.</param>
    public sealed record Exit(InstanceId Instance, string? Reason) : RunAction;

    /// <summary>Processes of this home that no instance in the state explains.</summary>
    public sealed record KillStray(InstanceId Instance) : RunAction;
}
