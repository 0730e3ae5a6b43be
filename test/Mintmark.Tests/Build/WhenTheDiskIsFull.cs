using Mintmark.Build;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

/// <summary>Where we may mount one, the home has 4 MiB of its own; elsewhere all goes well.</summary>
public sealed class WhenTheDiskIsFull : IDisposable
{
    private const string MiB = "head -c 1048576 /dev/urandom";

    private readonly BuildHome home = new();
    private readonly bool small;

    public WhenTheDiskIsFull()
    {
        home.Repository.Write("a", "a");
        home.Repository.Commit("one");
        small = home.Repository.Try($"mount -t tmpfs -o size=4m,mode=711 tmpfs {home.Path}");
    }

    public void Dispose()
    {
        if (small)
            home.Repository.Shell($"umount {home.Path}");
        home.Dispose();
    }

    [Fact]
    public async Task AnArtifactThatDoesNotFitIsNotHalfStored()
    {
        var outcome = await home.BuildAsync(
            BuildHome.Manifest($"for i in 1 2; do {MiB} > $OUT/$i; done; {MiB} >> $OUT/1")
        );

        Refused(outcome, BuildStage.Pack);
        if (small)
            Assert.Empty(Directory.GetFiles(home.In("oci/blobs/sha256")));
        Assert.Empty(Directory.GetFiles(home.In("oci/tmp")));
        await home.BuiltAsync(BuildHome.Manifest());
    }

    [Fact]
    public async Task AVersionThatDoesNotFitIsNotHalfUnpacked()
    {
        var artifact = await home.BuiltAsync(BuildHome.Manifest($"{MiB} > $OUT/1"));
        await File.WriteAllBytesAsync(home.In("filler"), new byte[(2 << 20) + (1 << 19)]);

        if (small)
            await Assert.ThrowsAsync<IOException>(() => UnpackAsync(artifact));
        File.Delete(home.In("filler"));

        Assert.Equal([".digests"], Directory.GetDirectories(home.In("versions")).Select(Path.GetFileName));
        Assert.Equal(1 << 20, new FileInfo(Path.Combine(await UnpackAsync(artifact), "1")).Length);
    }

    [Fact]
    public async Task ALogThatCannotBeKeptEndsTheCommand()
    {
        await File.WriteAllBytesAsync(home.In("filler"), new byte[(3 << 20) + (1 << 19)]);

        var outcome = await home.BuildAsync(
            BuildHome.Manifest($"touch $OUT/x; {MiB}; [ -e {home.In("filler")} ] && sleep {(small ? 1000 : 0)}")
        );

        Refused(outcome, BuildStage.Build);
    }

    private Task<string> UnpackAsync(Artifact artifact) =>
        home.Store.UnpackAsync(BuildHome.Mark, artifact.Digest, CancellationToken.None);

    private void Refused(BuildOutcome outcome, BuildStage stage)
    {
        if (!small)
        {
            Assert.IsType<BuildOutcome.Built>(outcome);
            return;
        }
        var failed = Assert.IsType<BuildOutcome.Failed>(outcome);
        Assert.Equal(stage, failed.Stage);
        Assert.StartsWith("No space left on device", failed.Reason, StringComparison.Ordinal);
    }
}
