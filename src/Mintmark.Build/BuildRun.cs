using Mintmark.Releases;

namespace Mintmark.Build;

public sealed class StageFailedException(string reason) : Exception(reason);

/// <summary>One build from checkout to artifact.</summary>
internal sealed class BuildRun(
    BuildOptions options,
    BuildFolders folders,
    ArtifactStore store,
    PackageCache packages,
    Containment containment,
    TimeProvider clock,
    ReadMaterials? materials,
    BuildJob job,
    Func<Event, Task> report
)
{
    public const UnixFileMode Passable =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherExecute;

    private const long LargestConfiguration = 16L << 20;

    private ReleaseFolders release = folders.Of(job.Release);
    private readonly List<SuiteResult> suites = [];
    private readonly List<RanSuite> ran = [];
    private Dictionary<string, string> environment = [];

    public BuildStage Stage { get; private set; } = BuildStage.Checkout;

    public async Task<Artifact> RunAsync(CancellationToken ct)
    {
        var started = Now();
        await EnterAsync(BuildStage.Checkout);
        var repository = await GitRepository.OpenAsync(job.Source.Repository, ct);
        await CheckOutAsync(repository, ct);
        var source = await SourceAsync(repository, ct);
        var digests = new ToolDigests(options.ToolDigests);
        var tools = await ToolVersions.ReadAsync(job.Manifest, text => Command(text, ToolVersions.Limit), digests, ct);

        await EnterAsync(BuildStage.Build);
        await BuildAsync(ct);
        if (job.Manifest.Build.Reproducible)
            await RepeatAsync(repository, ct);
        // Before the suites: what these restore or install is not part of the version.
        var evidence = materials?.Invoke(Files(), source, job.Manifest);

        await EnterAsync(BuildStage.Smoke);
        if (await PassesAsync("smoke", job.Manifest.Smoke, ct))
        {
            await EnterAsync(BuildStage.Full);
            await PassesAsync("full", job.Manifest.Full, ct);
        }

        // Packed whatever the suites say: it is the gate that refuses, and what it refused can be looked at.
        await EnterAsync(BuildStage.Pack);
        var packed = await PackAsync(repository, ct);
        var artifact = new Artifact(packed.Digest, packed.Length, tools, Now());
        return evidence is null
            ? artifact
            : artifact with
            {
                Evidence = evidence(
                    new BuiltVersion(job.Release, job.Mark, job.Source, job.Manifest, artifact, suites, started, ran)
                ),
            };
    }

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    /// <summary>Links are left out: nothing outside of the build is read in its name.</summary>
    private IEnumerable<BuiltFile> Files() =>
        FilesIn(release.Checkout, "").Concat(FilesIn(release.Out, BuiltFile.Output));

    private static IEnumerable<BuiltFile> FilesIn(string folder, string prefix) =>
        from file in Tree.Walk(folder)
        where file.Status.Kind == FileKind.File
        select new BuiltFile(prefix + Path.GetRelativePath(folder, file.Path), file.Path, file.Status.Length);

    private async Task EnterAsync(BuildStage stage)
    {
        Stage = stage;
        await report(new Event.BuildStageEntered(job.Release, stage));
    }

    private async Task CheckOutAsync(GitRepository repository, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.CheckoutLimit);
        Directory.CreateDirectory(release.Root);
        File.SetUnixFileMode(release.Root, Passable);
        Directory.CreateDirectory(release.Out);
        Directory.CreateDirectory(release.Temporary);
        try
        {
            await repository.CheckOutAsync(job.Source.Commit, release.Checkout, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            var seconds = (long)options.CheckoutLimit.TotalSeconds;
            throw new StageFailedException($"the checkout took longer than {Quantity.Duration(seconds)}");
        }
        if (options.User is { } user)
        {
            foreach (var folder in release.Passing)
                Tree.Give(folder, user);
        }
        var cache = await packages.OfferAsync(ct);
        environment = BuildEnvironment.Of(options, folders, release, job.Mark, cache);
        await CheckReachAsync(ct);
    }

    private async Task CheckReachAsync(CancellationToken ct)
    {
        var probe = Command("test -w . && test -w \"$OUT\" && test -w \"$HOME\"", TimeSpan.FromSeconds(30));
        if (await probe.RunAsync((_, _) => Task.CompletedTask, ct) is not CommandEnd.Exited { Status: 0 })
        {
            var who = options.User is { } user ? $"user {user.Uid}, who runs builds," : "the user who runs builds";
            throw new StageFailedException(
                $"{who} cannot write in {release.Root}: put the home where that is possible"
            );
        }
    }

    private async Task BuildAsync(CancellationToken ct)
    {
        var plan = job.Manifest.Build;
        var end = await RunAsync("build", plan.Command, plan.TimeoutSeconds, ct);
        if (end is CommandEnd.TimedOut)
        {
            throw new StageFailedException(
                $"the build command was stopped after its time limit of {Quantity.Duration(plan.TimeoutSeconds)}"
            );
        }
        if (end is CommandEnd.Exited { Status: not 0 } exited)
            throw new StageFailedException($"the build command ended with status {exited.Status}{Hint(exited.Status)}");
        if (!Directory.EnumerateFileSystemEntries(release.Out).Any())
            throw new StageFailedException("the build command ended well but left nothing in $OUT");
        Tree.Seal(release.Out, take: options.User is not null);
    }

    /// <summary>In another folder and later; both outputs are then held against each other, file by file.</summary>
    private async Task RepeatAsync(GitRepository repository, CancellationToken ct)
    {
        var again = new BuildRun(options, folders, store, packages, containment, clock, null, job, report)
        {
            release = release.Again,
        };
        await again.CheckOutAsync(repository, ct);
        await again.BuildAsync(ct);
        var different = OutputDifference.Between(release.Out, again.release.Out);
        if (different.Count > 0)
            throw new StageFailedException(
                $"two builds of one commit are not the same: {string.Join("; ", different)}"
            );
    }

    private async Task<bool> PassesAsync(string suite, SuitePlan plan, CancellationToken ct)
    {
        SuiteRun.RemoveStale(plan.Results, release.Checkout);
        var began = clock.GetTimestamp();
        var end = await RunAsync(suite, plan.Command, plan.TimeoutSeconds, ct);
        var took = clock.GetElapsedTime(began);
        var (result, cases) = SuiteRun.Conclude(suite, plan, end, release.Checkout, release.Results(suite), took);
        suites.Add(result);
        if (cases is not null)
            ran.Add(cases);
        await report(new Event.SuiteFinished(job.Release, result));
        return result.Failed == 0;
    }

    private async Task<SourceFacts> SourceAsync(GitRepository repository, CancellationToken ct)
    {
        var commit = job.Source.Commit;
        var history = await repository.HistoryAsync(commit, job.Since, options.AllowedSigners, options.TrustedKeys, ct);
        string[] configuration = [ManifestFile.Name, .. job.Manifest.Configuration];
        return history with
        {
            ChangedConfiguration = await repository.ChangedAsync(job.Since, commit, configuration, ct),
            RequirementsFile = await ShownAsync(job.Manifest.Requirements?.File),
            CasesFile = await ShownAsync(job.Manifest.Requirements?.Cases?.File),
        };

        Task<byte[]?> ShownAsync(string? file) =>
            file is null
                ? Task.FromResult<byte[]?>(null)
                : repository.ShowAsync(commit, file, LargestConfiguration, ct);
    }

    private async Task<Blob> PackAsync(GitRepository repository, CancellationToken ct)
    {
        var configuration = new List<(string, byte[])>();
        foreach (var path in job.Manifest.Configuration)
        {
            var content = await repository.ShowAsync(job.Source.Commit, path, LargestConfiguration, ct);
            configuration.Add((path, content ?? throw new StageFailedException($"the commit has no file {path}")));
        }
        var committedAt = await repository.CommittedAtAsync(job.Source.Commit, ct);
        var pack = new PackJob(job.Mark, job.Source, job.Manifest, committedAt, release.Out, configuration);
        return await store.PackAsync(pack, ct);
    }

    /// <summary>What the shell means by a status.</summary>
    private string Hint(int status) =>
        (status, options.User) switch
        {
            (127, _) => ": a program that it names was not found",
            (126, { } user) => $": a program that it names may not be run by user {user.Uid}, who runs builds",
            (126, null) => ": a program that it names may not be run",
            _ => "",
        };

    private Task<CommandEnd> RunAsync(string stage, string text, int seconds, CancellationToken ct) =>
        Command(text, TimeSpan.FromSeconds(seconds)).RunAsync(release.Log(stage), options.LogBytes, ct);

    private ShellCommand Command(string text, TimeSpan limit) =>
        new(text, release.Checkout, environment, limit, containment);
}
