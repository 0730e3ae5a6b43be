using System.Diagnostics;
using Mintmark.Build;
using Mintmark.Releases;

namespace Mintmark.Tests.Build;

/// <summary>A home with a builder, and a repository to build from; gone after the test.</summary>
sealed class BuildHome : IDisposable
{
    private const UnixFileMode PassThrough =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    public const string Passing = """<testsuite><testcase name="a"/></testsuite>""";

    public static readonly ReleaseId Release = new(1);
    public static readonly Mark Mark = new(new ServiceName("bank"), 1);

    public BuildHome(
        BuildUser? user = null,
        string? packageCache = null,
        long logBytes = 1 << 20,
        ReadMaterials? materials = null
    )
    {
        Path = Directory.CreateTempSubdirectory("mintmark-build-").FullName;
        File.SetUnixFileMode(Path, PassThrough);
        var ambient = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH")!,
            ["SECRET_OF_THE_HOST"] = "x",
            ["HTTPS_PROXY"] = "http://proxy.example:3128",
        };
        Store = new ArtifactStore(Path);
        var options = new BuildOptions(Path, user, ambient, packageCache) { LogBytes = logBytes };
        Builder = new Builder(options, Store, TimeProvider.System, materials);
    }

    public string Path { get; }

    public TestRepository Repository { get; } = new();

    public ArtifactStore Store { get; }

    public Builder Builder { get; }

    public List<Event> Events { get; } = [];

    public IEnumerable<SuiteResult> Suites => Events.OfType<Event.SuiteFinished>().Select(e => e.Result);

    public IEnumerable<BuildStage> Stages => Events.OfType<Event.BuildStageEntered>().Select(e => e.Stage);

    public string In(string path) => System.IO.Path.Combine(Path, path);

    public string Log(BuildStage stage) => File.ReadAllText(Builder.LogPath(Release, stage));

    /// <summary>Processes that stand in this home.</summary>
    public IReadOnlyList<string> Processes() =>
        [
            .. Directory
                .GetDirectories("/proc")
                .Where(p => int.TryParse(System.IO.Path.GetFileName(p), out _))
                .Where(p =>
                    new FileInfo(System.IO.Path.Combine(p, "cwd")).LinkTarget?.StartsWith(
                        Path,
                        StringComparison.Ordinal
                    ) == true
                ),
        ];

    /// <summary>A process of a build whose control plane was killed.</summary>
    public Process Orphan() =>
        Process.Start(
            new ProcessStartInfo("sleep", ["1000"]) { Environment = { ["MINTMARK_BUILD"] = $"{Path}#{Release}" } }
        )!;

    /// <param name="build">Shell command, as are the suites, which leave smoke.xml and full.xml.</param>
    public static Manifest Manifest(
        string build = "echo built > $OUT/app",
        string smoke = $"echo '{Passing}' > smoke.xml",
        string full = $"echo '{Passing}' > full.xml",
        int seconds = 60,
        params string[] configuration
    ) =>
        ManifestText.Parse(ManifestText.Good) with
        {
            Build = new BuildPlan(build, seconds),
            Smoke = new SuitePlan(smoke, "smoke.xml", seconds),
            Full = new SuitePlan(full, "full.xml", seconds),
            Configuration = configuration,
        };

    public async Task<BuildOutcome> BuildAsync(Manifest manifest, CancellationToken ct = default)
    {
        var source = await (await Repository.OpenAsync()).ResolveAsync(null, ct);
        await Builder.RecoverAsync(ct);
        return await BuildAsync(new BuildJob(Release, Mark, source, manifest), ct);
    }

    public Task<BuildOutcome> BuildAsync(BuildJob job, CancellationToken ct) =>
        Builder.BuildAsync(
            job,
            what =>
            {
                Events.Add(what);
                return Task.CompletedTask;
            },
            ct
        );

    public async Task<Artifact> BuiltAsync(Manifest manifest) =>
        await BuildAsync(manifest) switch
        {
            BuildOutcome.Built built => built.Artifact,
            BuildOutcome.Failed failed => throw new InvalidOperationException($"{failed.Stage}: {failed.Reason}"),
            _ => throw new UnreachableException(),
        };

    public async Task<BuildOutcome.Failed> FailedAsync(Manifest manifest) =>
        (BuildOutcome.Failed)await BuildAsync(manifest);

    public async Task<string> UnpackedAsync(Manifest manifest) =>
        await Store.UnpackAsync(Mark, (await BuiltAsync(manifest)).Digest, CancellationToken.None);

    public void Dispose()
    {
        Builder.Dispose();
        Store.Dispose();
        Repository.Dispose();
        Delete(new DirectoryInfo(Path));
    }

    private static void Delete(DirectoryInfo folder)
    {
        File.SetUnixFileMode(folder.FullName, PassThrough);
        foreach (var inner in folder.GetDirectories().Where(d => d.LinkTarget is null))
            Delete(inner);
        folder.Delete(recursive: true);
    }
}
