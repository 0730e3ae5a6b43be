using System.Text.Json.Nodes;
using Mintmark.Build;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenACommitIsBuilt : IDisposable
{
    private readonly BuildHome home = new();

    public WhenACommitIsBuilt()
    {
        home.Repository.Write("config/bank.json", """{"limit":"100.00"}""");
        home.Repository.Write("src/app.sh", "echo hello");
        home.Repository.Commit("one");
    }

    public void Dispose() => home.Dispose();

    [Fact]
    public async Task ItGoesFromCheckoutOverBothSuitesToTheArtifact()
    {
        var artifact = await home.BuiltAsync(BuildHome.Manifest());

        Assert.Equal(
            [BuildStage.Checkout, BuildStage.Build, BuildStage.Smoke, BuildStage.Full, BuildStage.Pack],
            home.Stages
        );
        Assert.Equal([("smoke", 1, 0), ("full", 1, 0)], home.Suites.Select(s => (s.Suite, s.Passed, s.Failed)));
        Assert.Matches("^sha256:[0-9a-f]{64}$", artifact.Digest);
        Assert.True(artifact.Bytes > 2048);
    }

    [Fact]
    public async Task TheArtifactIsTheOutputTheConfigurationAsCommittedAndTheStamp()
    {
        var manifest = BuildHome.Manifest(
            "cp src/app.sh $OUT/app; chmod +x $OUT/app; mkdir -p $OUT/empty $OUT/config; echo bad > config/bank.json;"
                + "cp config/bank.json $OUT/config/; ln -s app $OUT/link",
            configuration: "config/bank.json"
        );

        var unpacked = await home.UnpackedAsync(manifest);

        Assert.Equal(home.In("versions/bank-1"), unpacked);
        Assert.Equal("echo hello", Read("app"));
        Assert.Equal("""{"limit":"100.00"}""", Read("config/bank.json"));
        Assert.True(Directory.Exists(Path.Combine(unpacked, "empty")));
        Assert.Equal("app", new FileInfo(Path.Combine(unpacked, "link")).LinkTarget);
        var stamp = JsonNode.Parse(Read("mintmark.json"))!;
        Assert.Equal("bank-1", (string?)stamp["mark"]);
        Assert.Equal("bank", (string?)stamp["service"]);
        Assert.Equal(home.Repository.Head(), (string?)stamp["commit"]);
        Assert.Equal("2026-01-02T03:04:05Z", (string?)stamp["committedAt"]);

        string Read(string name) => File.ReadAllText(Path.Combine(unpacked, name));
    }

    [Fact]
    public async Task NothingInTheArtifactCanBeWritten()
    {
        var unpacked = await home.UnpackedAsync(
            BuildHome.Manifest("mkdir $OUT/d; echo a > $OUT/d/a; echo b > $OUT/b; chmod 777 $OUT/b")
        );

        const UnixFileMode writable = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        string[] all = [unpacked, .. Directory.GetFileSystemEntries(unpacked, "*", SearchOption.AllDirectories)];
        Assert.All(all, path => Assert.Equal(default, File.GetUnixFileMode(path) & writable));
        Assert.True(File.GetUnixFileMode(Path.Combine(unpacked, "b")).HasFlag(UnixFileMode.OtherExecute));
        Assert.False(File.GetUnixFileMode(Path.Combine(unpacked, "d/a")).HasFlag(UnixFileMode.OtherExecute));
    }

    [Fact]
    public async Task TheSameCommitAndMarkGiveTheSameDigestAnywhereAndAtAnyTime()
    {
        var manifest = BuildHome.Manifest(
            "for i in 3 1 2; do mkdir $OUT/$i; echo $i > $OUT/$i/f; done; umask 0; touch $OUT/x; chmod 640 $OUT/x",
            configuration: "config/bank.json"
        );
        var other = new BuildHome();
        other.Repository.Write("src/app.sh", "echo hello");
        other.Repository.Write("config/bank.json", """{"limit":"100.00"}""");
        other.Repository.Commit("one");

        var here = await home.BuiltAsync(manifest);
        var there = await other.BuiltAsync(manifest);
        var again = await home.BuiltAsync(manifest);

        Assert.Equal(here.Digest, there.Digest);
        Assert.Equal(here.Digest, again.Digest);
        Assert.Equal(here.Bytes, again.Bytes);
        other.Dispose();
    }

    [Fact]
    public async Task AnotherMarkIsAnotherArtifactThatSharesNothingButItsFiles()
    {
        var source = await (await home.Repository.OpenAsync()).ResolveAsync(null, CancellationToken.None);
        var first = await home.BuiltAsync(BuildHome.Manifest());
        var second = await home.BuildAsync(
            new BuildJob(new ReleaseId(2), BuildHome.Mark with { Number = 2 }, source, BuildHome.Manifest()),
            CancellationToken.None
        );

        Assert.NotEqual(first.Digest, Assert.IsType<BuildOutcome.Built>(second).Artifact.Digest);
        var index = JsonNode.Parse(await File.ReadAllTextAsync(home.In("oci/index.json")))!;
        Assert.Equal(
            ["bank-1", "bank-2"],
            index["manifests"]!.AsArray().Select(m => (string)m!["annotations"]!["org.opencontainers.image.ref.name"]!)
        );
    }

    [Fact]
    public async Task CommandsSeeTheListedEnvironmentAndNothingElse()
    {
        await home.BuiltAsync(BuildHome.Manifest("env > $OUT/env; env | cut -d= -f1"));

        var names = home.Log(BuildStage.Build).Split('\n').Where(n => n.Length > 0).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "CI",
                "DOTNET_CLI_TELEMETRY_OPTOUT",
                "DOTNET_CLI_USE_MSBUILD_SERVER",
                "DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE",
                "DOTNET_GENERATE_ASPNET_CERTIFICATE",
                "DOTNET_NOLOGO",
                "DOTNET_SKIP_FIRST_TIME_EXPERIENCE",
                "HOME",
                "HTTPS_PROXY",
                "LANG",
                "MINTMARK",
                "MINTMARK_BUILD",
                "MSBUILDDISABLENODEREUSE",
                "OUT",
                "PATH",
                "PWD",
                "TMPDIR",
                "UseSharedCompilation",
            ],
            names
        );
    }

    [Fact]
    public async Task SuitesCannotChangeWhatIsPacked()
    {
        var unpacked = await home.UnpackedAsync(
            BuildHome.Manifest(smoke: $"echo tampered > $OUT/app; echo '{BuildHome.Passing}' > smoke.xml")
        );

        // Root writes through missing write bits; in service, root's builds run as somebody else.
        if (!Environment.IsPrivilegedProcess)
            Assert.Equal("built\n", await File.ReadAllTextAsync(Path.Combine(unpacked, "app")));
    }

    [Fact]
    public async Task OnlyLogsAndResultsStay()
    {
        await home.BuiltAsync(BuildHome.Manifest());

        Assert.Equal(
            ["build.log", "full-results.xml", "full.log", "smoke-results.xml", "smoke.log"],
            Directory.GetFileSystemEntries(home.In("builds/rel-1")).Select(Path.GetFileName).Order()
        );
    }

    [Fact]
    public async Task TheToolsAreThoseThatItsCommandsName()
    {
        var artifact = await home.BuiltAsync(BuildHome.Manifest(": dotnet; touch $OUT/node"));

        Assert.Equal(["git", "dotnet"], artifact.Tools.Select(t => t.Name));
        Assert.All(artifact.Tools, t => Assert.Matches(@"^\d+\.\d+", t.Version));
    }

    [Fact]
    public async Task AnUnpackedVersionIsFoundAgain()
    {
        var digest = (await home.BuiltAsync(BuildHome.Manifest())).Digest;
        var first = await home.Store.UnpackAsync(BuildHome.Mark, digest, CancellationToken.None);
        var made = Directory.GetCreationTimeUtc(first);

        Assert.Equal(first, await home.Store.UnpackAsync(BuildHome.Mark, digest, CancellationToken.None));
        Assert.Equal(made, Directory.GetCreationTimeUtc(first));
    }
}
