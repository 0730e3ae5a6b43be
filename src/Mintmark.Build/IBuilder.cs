using Mintmark.Releases;

namespace Mintmark.Build;

/// <param name="Since">Commit of the version that serves; null where none does.</param>
public sealed record BuildJob(ReleaseId Release, Mark Mark, Source Source, Manifest Manifest, string? Since = null);

public abstract record BuildOutcome
{
    private BuildOutcome() { }

    public sealed record Built(Artifact Artifact) : BuildOutcome;

    /// <param name="Reason">Without lines of the build's output: these may hold secrets.</param>
    public sealed record Failed(BuildStage Stage, string Reason) : BuildOutcome;
}

/// <summary>Makes versions of commits. The simulator has the other implementation.</summary>
public interface IBuilder
{
    /// <summary>Ends and removes what an earlier control plane left behind. Called before the first build.</summary>
    Task RecoverAsync(CancellationToken ct);

    /// <summary>Builds from the beginning, whatever an earlier attempt left.</summary>
    /// <param name="report">Told of each stage and each suite as it happens; it may cancel the build.</param>
    Task<BuildOutcome> BuildAsync(BuildJob job, Func<Event, Task> report, CancellationToken ct);
}
