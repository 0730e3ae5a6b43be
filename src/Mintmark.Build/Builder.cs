using System.ComponentModel;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>Builds on this machine: real git, real commands, artifacts under the home.</summary>
public sealed class Builder : IBuilder, IDisposable
{
    public const int LinesShown = 20;

    private readonly BuildOptions options;
    private readonly BuildFolders folders;
    private readonly ArtifactStore store;
    private readonly PackageCache packages;
    private readonly TimeProvider clock;
    private readonly ReadMaterials? materials;
    private Containment containment = Containment.None;

    public Builder(BuildOptions options, ArtifactStore store, TimeProvider clock, ReadMaterials? materials = null)
    {
        this.materials = materials;
        this.options = options;
        this.store = store;
        this.clock = clock;
        folders = new BuildFolders(options.Home);
        packages = new PackageCache(options, folders);
    }

    public async Task RecoverAsync(CancellationToken ct)
    {
        await BuildProcesses.KillAsync(folders.MarkerPrefix);
        store.Prepare();
        containment = await Containment.FindAsync(options, ct);
        packages.Prepare();
        // Not for the group nor for others to list, but to pass through: builds run as another user where we are root.
        foreach (var folder in (string[])[folders.Builds, folders.BuildHome])
        {
            Directory.CreateDirectory(folder);
            File.SetUnixFileMode(folder, BuildRun.Passable);
        }
        if (options.User is { } user)
            Libc.ChangeOwner(folders.BuildHome, user.Uid, user.Gid);
        foreach (var build in Directory.EnumerateDirectories(folders.Builds))
            Leave(new ReleaseFolders(build, ""));
    }

    public async Task<BuildOutcome> BuildAsync(BuildJob job, Func<Event, Task> report, CancellationToken ct)
    {
        // The caller's loop goes on while this one works.
        await Task.Yield();
        var release = folders.Of(job.Release);
        await BuildProcesses.KillAsync(release.Marker);
        var run = new BuildRun(options, folders, store, packages, containment, clock, materials, job, report);
        try
        {
            Clear(release);
            return new BuildOutcome.Built(await run.RunAsync(ct));
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            return new BuildOutcome.Failed(run.Stage, failure.Message);
        }
        finally
        {
            Leave(release);
        }
    }

    /// <summary>The end of what a stage's command printed, for display only: it may hold secrets.</summary>
    public IReadOnlyList<string> LastLines(ReleaseId release, BuildStage stage) =>
        LogLines.Last(LogPath(release, stage), LinesShown);

    /// <summary>Where the whole output of a stage's command is.</summary>
    public string LogPath(ReleaseId release, BuildStage stage) =>
        folders.Of(release).Log(stage.ToString().ToLowerInvariant());

    public void Dispose() => packages.Dispose();

    private static bool IsExpected(Exception failure) =>
        failure
            is StageFailedException
                or GitException
                or ArtifactException
                or IOException
                or UnauthorizedAccessException
                or Win32Exception;

    private static void Clear(ReleaseFolders release)
    {
        foreach (var folder in release.Passing.Concat(release.Again.Passing))
            Tree.Delete(folder);
    }

    private static void Leave(ReleaseFolders release)
    {
        try
        {
            Clear(release);
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            // The outcome stands; what cannot be deleted now is deleted at the next start.
        }
    }
}
