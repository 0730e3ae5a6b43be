using System.Diagnostics;
using Mintmark.Build;
using Mintmark.Releases;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenABuildGoesWrong : IDisposable
{
    private readonly BuildHome home = new();

    public WhenABuildGoesWrong()
    {
        home.Repository.Write("a", "a");
        home.Repository.Commit("one");
    }

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task AFailingCommandEndsItAndItsLastLinesAreKept()
    {
        var failed = await home.FailedAsync(
            BuildHome.Manifest("seq 1 30; printf '\\033[31mred\\033[0m\\a\\n' >&2; exit 3")
        );

        Assert.Equal(new BuildOutcome.Failed(BuildStage.Build, "the build command ended with status 3"), failed);
        var lines = home.Builder.LastLines(BuildHome.Release, BuildStage.Build);
        Assert.Equal([.. Enumerable.Range(12, 19).Select(i => $"{i}"), "red"], lines);
        Assert.Equal([BuildStage.Checkout, BuildStage.Build], home.Stages);
    }

    [Fact]
    public async Task AHangingCommandIsStoppedWithEverythingThatItStarted()
    {
        var began = Stopwatch.GetTimestamp();

        var failed = await home.FailedAsync(
            BuildHome.Manifest(
                "sleep 1000 & setsid sleep 1000 & (env -i sleep 1000 &) ; echo waiting; sleep 1000",
                seconds: 5
            )
        );

        Assert.Equal("the build command was stopped after its time limit of 5s", failed.Reason);
        Assert.Equal(["waiting"], home.Builder.LastLines(BuildHome.Release, BuildStage.Build));
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 5, 300);
        Assert.Empty(home.Processes());
    }

    [Fact]
    public async Task ProcessesLeftBehindAreEnded()
    {
        await home.BuiltAsync(
            BuildHome.Manifest(
                "echo a > $OUT/a; sleep 1000 & setsid sh -c 'sleep 1000 & touch up; sleep 1000' & "
                    + "while [ ! -e up ]; do :; done; echo left; exit 0"
            )
        );

        Assert.Empty(home.Processes());
        Assert.Equal(["left"], home.Builder.LastLines(BuildHome.Release, BuildStage.Build));
    }

    [Fact]
    public async Task ACancelledBuildEndsAtOnceWithEverythingThatItStarted()
    {
        using var cancel = new CancellationTokenSource();
        var building = home.BuildAsync(
            BuildHome.Manifest("echo started; setsid sleep 1000 & sleep 1000"),
            cancel.Token
        );
        await Eventually.HoldsAsync(
            () => home.Builder.LastLines(BuildHome.Release, BuildStage.Build).Contains("started"),
            "the build command runs"
        );

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => building);
        Assert.Empty(home.Processes());
        Assert.False(Directory.Exists(home.In("builds/rel-1/checkout")));
    }

    [Fact]
    public async Task AFloodedLogKeepsItsBeginningAndItsEnd()
    {
        await home.BuiltAsync(
            BuildHome.Manifest("echo a > $OUT/a; echo first; head -c 50000000 /dev/zero | tr '\\0' x; echo; echo last")
        );

        var log = home.Log(BuildStage.Build);
        Assert.InRange(log.Length, 1 << 20, (1 << 20) + (128 * 1024));
        Assert.StartsWith("first\n", log, StringComparison.Ordinal);
        Assert.EndsWith("x\nlast\n", log, StringComparison.Ordinal);
        Assert.Matches(@"\n\[mintmark: \d+ bytes left out\]\n", log);
        Assert.Equal("last", home.Builder.LastLines(BuildHome.Release, BuildStage.Build)[^1]);
    }

    [Theory]
    [InlineData("true", BuildStage.Build, "the build command ended well but left nothing in $OUT")]
    [InlineData("mkfifo $OUT/pipe", BuildStage.Pack, "pipe is a pipe, socket or device, which an artifact cannot hold")]
    [InlineData(
        "ln -s /etc/passwd $OUT/p",
        BuildStage.Pack,
        "the link p -> /etc/passwd does not stay inside the artifact"
    )]
    [InlineData("ln -s .. $OUT/up", BuildStage.Pack, "the link up -> .. does not stay inside the artifact")]
    [InlineData(
        "mkdir -p $OUT/a/b; ln -s ../.. $OUT/a/b/d; ln -s a/b/d/.. $OUT/e",
        BuildStage.Pack,
        "the link e -> a/b/d/.. does not stay inside the artifact"
    )]
    [InlineData(
        "echo {} > $OUT/mintmark.json",
        BuildStage.Pack,
        "mintmark.json is the name of Mintmark's own stamp: the build may not make one"
    )]
    [InlineData("ln -s /etc $OUT/config", BuildStage.Pack, "the link config -> /etc does not stay inside the artifact")]
    [InlineData(
        "mkdir -p $OUT/a; touch $OUT/a/b",
        BuildStage.Pack,
        "the build made a folder of a, which is a configuration file"
    )]
    public async Task WhatCannotBeAnArtifactIsRefused(string build, BuildStage stage, string reason)
    {
        var failed = await home.FailedAsync(BuildHome.Manifest(build, configuration: "a"));

        Assert.Equal(new BuildOutcome.Failed(stage, reason), failed);
        Assert.Empty(Directory.GetFiles(home.In("oci/blobs/sha256")));
    }

    [Fact]
    public async Task ACommitThatIsGoneFailsInTheCheckout()
    {
        var source = await (await home.Repository.OpenAsync()).ResolveAsync(null, CancellationToken.None);
        await home.Builder.RecoverAsync(CancellationToken.None);

        var outcome = await home.BuildAsync(
            new BuildJob(
                BuildHome.Release,
                BuildHome.Mark,
                source with
                {
                    Commit = new string('0', 40),
                },
                BuildHome.Manifest()
            ),
            CancellationToken.None
        );

        Assert.Equal(BuildStage.Checkout, Assert.IsType<BuildOutcome.Failed>(outcome).Stage);
    }

    [Fact]
    public async Task WhatAnEarlierAttemptLeftIsEndedAndWiped()
    {
        using var orphan = home.Orphan();
        Directory.CreateDirectory(home.In("builds/rel-1/out/old"));
        Directory.CreateDirectory(home.In("builds/rel-9/checkout"));

        var unpacked = await home.UnpackedAsync(BuildHome.Manifest());

        Assert.True(orphan.HasExited);
        Assert.Equal(
            ["app", "mintmark.json"],
            Directory.GetFileSystemEntries(unpacked).Select(Path.GetFileName).Order()
        );
        Assert.False(Directory.Exists(home.In("builds/rel-9/checkout")));
    }
}
