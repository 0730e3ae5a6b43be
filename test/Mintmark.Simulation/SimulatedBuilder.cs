using Mintmark.Build;
using Mintmark.Releases;

namespace Mintmark.Simulation;

/// <summary>Builds what the fate of the version says, as soon as virtual time has come.</summary>
internal sealed class SimulatedBuilder(SimulatedClock clock) : IBuilder
{
    private static readonly TimeSpan Takes = TimeSpan.FromSeconds(1);
    private readonly List<(DateTimeOffset Due, TaskCompletionSource Done)> under = [];

    public Task RecoverAsync(CancellationToken ct) => Task.CompletedTask;

    public async Task<BuildOutcome> BuildAsync(BuildJob job, Func<Event, Task> report, CancellationToken ct)
    {
        var fate = Fate.All.First(f => f.Name == job.Source.Subject);
        await report(new Event.BuildStageEntered(job.Release, BuildStage.Build));
        await PassAsync(ct);
        if (fate.BuildFails)
            return new BuildOutcome.Failed(BuildStage.Build, "exit 1");
        await report(new Event.BuildStageEntered(job.Release, BuildStage.Smoke));
        await report(new Event.SuiteFinished(job.Release, Suite("smoke", failed: 0)));
        await report(new Event.BuildStageEntered(job.Release, BuildStage.Full));
        await report(new Event.SuiteFinished(job.Release, Suite("full", fate.SuiteFails ? 1 : 0)));
        await PassAsync(ct);
        return new BuildOutcome.Built(
            new Artifact(
                $"sha256:{job.Mark}",
                1,
                [],
                clock.GetUtcNow(),
                new BuildEvidence([], 0, [], Secrets: SecretsSummary.None)
            )
        );
    }

    /// <summary>Continues the builds whose time has come, in the order in which they waited.</summary>
    public void Continue()
    {
        var due = under.Where(u => u.Due <= clock.True).ToList();
        under.RemoveAll(due.Contains);
        foreach (var (_, done) in due)
            done.TrySetResult();
    }

    private Task PassAsync(CancellationToken ct)
    {
        // Continuations run inside Continue: the simulation has one thread.
        var done = new TaskCompletionSource();
        ct.Register(() => done.TrySetCanceled(ct));
        under.Add((clock.True + Takes, done));
        return done.Task;
    }

    private static SuiteResult Suite(string name, int failed) =>
        new(name, 10, failed, 0, failed > 0 ? ["a case"] : [], "sha256:results", 100);
}
