using Mintmark.Build;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

/// <summary>As root, what a repository brings runs as somebody else; otherwise as ourselves.</summary>
public sealed class WhenRootBuilds : IDisposable
{
    private static readonly BuildUser? Nobody = Environment.IsPrivilegedProcess ? new(65_534, 65_534) : null;

    private readonly string cache = Directory.CreateTempSubdirectory("mintmark-cache-").FullName;
    private readonly BuildHome home;

    public WhenRootBuilds()
    {
        home = new BuildHome(Nobody, cache);
        home.Repository.Write("a", "a");
        home.Repository.Commit("one");
    }

    public void Dispose()
    {
        home.Dispose();
        Directory.Delete(cache, recursive: true);
    }

    [Fact]
    public async Task CommandsRunAsTheBuildUserInFoldersOfItsOwn()
    {
        var own = home.Repository.Shell("id -u").Trim();
        home.Repository.Write("secret", "s");
        File.SetUnixFileMode(home.Repository.In("secret"), UnixFileMode.UserRead);

        var unpacked = await home.UnpackedAsync(
            BuildHome.Manifest(
                "id -u; id -G; touch here $HOME/kept $TMPDIR/t; touch $OUT/x; "
                    + $"cp {home.Repository.In("secret")} $OUT/stolen; true"
            )
        );

        var uid = Nobody is null ? own : "65534";
        Assert.StartsWith($"{uid}\n", home.Log(BuildStage.Build), StringComparison.Ordinal);
        Assert.Equal(Nobody is null, File.Exists(Path.Combine(unpacked, "stolen")));
        Assert.True(File.Exists(home.In("build-home/kept")));
    }

    [Fact]
    public async Task WhatHidesFromUsEndsWithItsCommandToo()
    {
        // Without root, and so without process ids of its own, a process that leaves group and environment stays.
        var hide = Nobody is null ? "" : "env -i setsid ";
        await home.BuiltAsync(BuildHome.Manifest($"{hide}sleep 1000 & touch $OUT/x"));

        Assert.Empty(home.Processes());
    }

    [Fact]
    public async Task AProgramThatIsNotThereIsSaidSo()
    {
        var failed = await home.FailedAsync(BuildHome.Manifest("no-such-program"));

        Assert.Equal("the build command ended with status 127: a program that it names was not found", failed.Reason);
    }

    [Fact]
    public async Task SuitesCannotChangeWhatIsPacked()
    {
        var unpacked = await home.UnpackedAsync(
            BuildHome.Manifest(
                "mkdir $OUT/d; echo built > $OUT/app; echo built > $OUT/d/app",
                smoke: "chmod -R u+w $OUT; for f in app d/app; do echo bad > $OUT/$f; done; rm -rf $OUT/d; "
                    + $"echo '{BuildHome.Passing}' > smoke.xml"
            )
        );

        if (Nobody is not null)
        {
            Assert.Equal("built\n", await File.ReadAllTextAsync(Path.Combine(unpacked, "app")));
            Assert.Equal("built\n", await File.ReadAllTextAsync(Path.Combine(unpacked, "d/app")));
        }
        Assert.Equal(0, home.Suites.First().Failed);
    }

    [Fact]
    public async Task AHomeThatTheBuildUserCannotReachIsSaidSo()
    {
        File.SetUnixFileMode(home.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        var outcome = await home.BuildAsync(BuildHome.Manifest());

        if (Nobody is null)
            Assert.IsType<BuildOutcome.Built>(outcome);
        else
            Assert.Equal(
                new BuildOutcome.Failed(
                    BuildStage.Checkout,
                    $"user 65534, who runs builds, cannot write in {home.In("builds/rel-1")}: "
                        + "put the home where that is possible"
                ),
                outcome
            );
    }

    [Fact]
    public async Task PackagesOfThisMachineAreOfferedToReadOnly()
    {
        Package("a", "1.0");
        Package("b", "2.0", complete: false);
        const string build = "cd $NUGET_FALLBACK_PACKAGES; cat */*/lib/*.txt; touch a/1.0/lib/new; touch $OUT/x";
        await home.BuiltAsync(BuildHome.Manifest(build));
        Assert.StartsWith("a 1.0\n", home.Log(BuildStage.Build), StringComparison.Ordinal);

        Package("c", "3.0");
        await home.BuiltAsync(BuildHome.Manifest(build));

        Assert.Contains("c 3.0\n", home.Log(BuildStage.Build), StringComparison.Ordinal);
        Assert.Equal(Nobody is null, File.Exists(Path.Combine(cache, "a/1.0/lib/new")));
    }

    [Fact]
    public async Task GitRunsAsTheOwnerOfTheRepository()
    {
        home.Repository.Write(".gitattributes", "a filter=spy\n");
        home.Repository.Commit("two");
        home.Repository.Git("config", "filter.spy.clean", "sh -c 'id -u > seen; cat'");
        if (Nobody is not null)
            home.Repository.Shell("chown -R 65534:65534 .");
        home.Repository.Shell("touch -d 2001-01-01 a");

        await (await home.Repository.OpenAsync()).WorkTreeAsync(CancellationToken.None);

        var uid = Nobody is null ? home.Repository.Shell("id -u") : "65534\n";
        Assert.Equal(uid, await File.ReadAllTextAsync(home.Repository.In("seen")));
    }

    private void Package(string id, string version, bool complete = true)
    {
        var folder = Path.Combine(cache, id, version);
        Directory.CreateDirectory(Path.Combine(folder, "lib"));
        File.WriteAllText(Path.Combine(folder, "lib", $"{id}.txt"), $"{id} {version}\n");
        if (complete)
            File.WriteAllText(Path.Combine(folder, ".nupkg.metadata"), "{}");
    }
}
