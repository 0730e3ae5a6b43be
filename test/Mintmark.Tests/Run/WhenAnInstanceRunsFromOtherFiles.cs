using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Run;

/// <summary>Real processes: what each runs from is asked of the system, and what is there is looked at.</summary>
public sealed class WhenAnInstanceRunsFromOtherFiles : IDisposable
{
    /// <summary>As the log has the artifact of the test's version.</summary>
    private const string Released = "sha256:0";

    private readonly ControlPlane plane = new();
    private readonly string stale;

    public WhenAnInstanceRunsFromOtherFiles()
    {
        stale = plane.Home.In("stale");
        Directory.CreateDirectory(stale);
        foreach (var file in Directory.EnumerateFiles(plane.Home.Artifact))
            File.Copy(file, Path.Combine(stale, Path.GetFileName(file)));
        plane.Look = (_, folder, _) => Task.FromResult(folder == stale ? "sha256:stale" : Released);
    }

    public void Dispose() => plane.Dispose();

    [Fact]
    public async Task TheLogHasWhatEachOfThemRunsFrom()
    {
        await ReleaseOfTwoAsync();

        Assert.Equal(
            [Released, "sha256:stale"],
            plane.State.Instances.Values.Select(i => i.Digest).OrderBy(d => d == Released ? 0 : 1)
        );
    }

    [Fact]
    public async Task OneStaleOfTwoStopsTheReleaseBeforeItsFirstTraffic()
    {
        await ReleaseOfTwoAsync();

        var promoted = new Command.Record(new Event.Promoted(new ReleaseId(1)));
        var refused = Assert.IsType<Decision.Refused>(
            await plane.Journal.ExecuteAsync(promoted, new Actor("mintmark/ship"), default)
        );
        Assert.Contains("runs sha256:stale", refused.Reason, StringComparison.Ordinal);
    }

    /// <summary>The second of both is started from another folder than the first.</summary>
    private async Task ReleaseOfTwoAsync()
    {
        var unpacked = 0;
        plane.Artifact = (_, _) => Task.FromResult(++unpacked == 2 ? stale : plane.Home.Artifact);
        await plane.ReleaseAsync(ControlPlane.Serve, instances: 2);
        await plane.HealthyAsync(1);
        await plane.HealthyAsync(2);
    }
}
