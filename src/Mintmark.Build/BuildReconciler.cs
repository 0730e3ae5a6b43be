using Mintmark.Journal;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <param name="Start">Releases that are to be built and are not being built here.</param>
/// <param name="Cancel">Builds that nobody waits for any more.</param>
public sealed record BuildRound(IReadOnlyList<BuildJob> Start, IReadOnlyList<ReleaseId> Cancel);

/// <summary>
/// Keeps one job for each release that is being built. A job reports as it goes; when it has ended, its outcome is in
/// the log. After a crash of the control plane there is no job for such a release, so one starts from the beginning.
/// </summary>
public sealed class BuildReconciler(ReleaseJournal journal, IBuilder builder) : IReconciler, IAsyncDisposable
{
    private static readonly Actor Self = new("mintmark/build");

    /// <summary>Characters; a tree, which anybody can make, may have names of any length.</summary>
    private const int LongestReason = 2_000;

    private readonly Dictionary<ReleaseId, Job> jobs = [];
    private bool recovered;

    public string Name => "build";

    public TimeSpan Period => TimeSpan.FromSeconds(1);

    public static BuildRound Plan(State state, IReadOnlyCollection<ReleaseId> running)
    {
        var building = state.Open().Where(r => r.Phase == Phase.Building).ToList();
        return new BuildRound(
            [.. building.Where(r => !running.Contains(r.Id)).Select(r => JobOf(state, r))],
            [.. running.Where(id => building.TrueForAll(r => r.Id != id))]
        );
    }

    public async Task ReconcileAsync(CancellationToken ct)
    {
        if (!recovered)
            await builder.RecoverAsync(ct);
        recovered = true;
        await HarvestAsync(ct);
        var round = Plan(journal.State, jobs.Keys);
        foreach (var id in round.Cancel)
            jobs[id].Stop.Cancel();
        foreach (var job in round.Start)
        {
            var stop = new CancellationTokenSource();
            jobs.Add(job.Release, new Job(RunAsync(job, stop), stop));
        }
    }

    /// <summary>Stops every build; a later control plane starts them again.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var job in jobs.Values)
            await job.Stop.CancelAsync();
        foreach (var job in jobs.Values)
        {
            await job.Work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            job.Stop.Dispose();
        }
        jobs.Clear();
    }

    private static BuildJob JobOf(State state, Release release)
    {
        var version = state.Versions[release.Mark];
        var since = state.Find(release.Service)?.Serving is { } mark ? state.Versions[mark].Source.Commit : null;
        return new(release.Id, version.Mark, version.Source, version.Manifest, since);
    }

    private async Task RunAsync(BuildJob job, CancellationTokenSource stop)
    {
        var outcome = await builder.BuildAsync(job, what => ReportAsync(what, job.Release, stop), stop.Token);
        Event ended = outcome switch
        {
            BuildOutcome.Built built => new Event.VersionBuilt(job.Release, built.Artifact),
            BuildOutcome.Failed failed => new Event.BuildFailed(job.Release, failed.Stage, Short(failed.Reason)),
            _ => throw new System.Diagnostics.UnreachableException(outcome.GetType().Name),
        };
        await ReportAsync(ended, job.Release, stop);
    }

    /// <summary>Whoever reports stops where the release is no longer being built.</summary>
    /// <exception cref="InvalidOperationException">The log cannot hold it, now or built again.</exception>
    private async Task ReportAsync(Event what, ReleaseId release, CancellationTokenSource stop)
    {
        if (await journal.ExecuteAsync(new Command.Record(what), Self, stop.Token) is Decision.Refused refused)
        {
            if (journal.State.Releases[release].Phase == Phase.Building)
                throw new InvalidOperationException(refused.Reason);
            stop.Cancel();
        }
        stop.Token.ThrowIfCancellationRequested();
    }

    private async Task HarvestAsync(CancellationToken ct)
    {
        foreach (var (id, job) in jobs.Where(j => j.Value.Work.IsCompleted).ToList())
        {
            jobs.Remove(id);
            job.Stop.Dispose();
            if (job.Work.Exception?.InnerException is not { } failure)
                continue;
            // What no builder expects must not leave the release waiting for ever; the loop gets to see it as well.
            var stage = journal.State.Releases[id].Stage ?? BuildStage.Checkout;
            var failed = new Event.BuildFailed(id, stage, $"the build broke off: {Short(failure.Message)}");
            await journal.ExecuteAsync(new Command.Record(failed), Self, ct);
            await job.Work;
        }
    }

    /// <summary>Half of a character at the end is none that the log could hold.</summary>
    private static string Short(string reason) =>
        reason.Length <= LongestReason ? reason
        : char.IsHighSurrogate(reason[LongestReason - 1]) ? reason[..(LongestReason - 1)] + "…"
        : reason[..LongestReason] + "…";

    private sealed record Job(Task Work, CancellationTokenSource Stop);
}
