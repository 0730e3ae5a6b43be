using Mintmark.Build;
using Mintmark.Releases;
using Mintmark.Tests.Run;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenAReleaseIsToBeBuilt : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly BuildHome home = new();
    private readonly Shipped shipped = new();

    public WhenAReleaseIsToBeBuilt()
    {
        home.Repository.Write("a", "a");
        home.Repository.Commit("one");
    }

    public void Dispose()
    {
        shipped.Dispose();
        home.Dispose();
    }

    [Fact]
    public async Task ItIsBuiltAndEveryStepIsInTheLog()
    {
        await using var reconciler = new BuildReconciler(shipped.Journal, home.Builder);
        await shipped.ShipAsync(home, BuildHome.Manifest());

        await reconciler.ReconcileAsync(Never);
        await shipped.ReachedAsync(Phase.Gating);

        Assert.NotNull(shipped.Version.Artifact);
        Assert.Equal(["smoke", "full"], shipped.Version.Suites.Select(s => s.Suite));
        Assert.Equal(
            [BuildStage.Checkout, BuildStage.Build, BuildStage.Smoke, BuildStage.Full, BuildStage.Pack],
            shipped.Events.OfType<Event.BuildStageEntered>().Select(e => e.Stage)
        );
    }

    [Fact]
    public async Task AFailedBuildEndsTheReleaseWithoutALineOfItsOutput()
    {
        await using var reconciler = new BuildReconciler(shipped.Journal, home.Builder);
        await shipped.ShipAsync(home, BuildHome.Manifest("echo hunter2; exit 1"));

        await reconciler.ReconcileAsync(Never);
        await shipped.ReachedAsync(Phase.Ended);

        Assert.Equal(Outcome.Failed, shipped.Release.Outcome);
        Assert.Equal("the build command ended with status 1", shipped.Release.OutcomeReason);
        Assert.DoesNotContain(shipped.Events.OfType<Event.BuildFailed>(), e => e.ToString().Contains("hunter2"));
    }

    [Fact]
    public async Task TakenBackWhileItIsBuiltItsProcessesEnd()
    {
        await using var reconciler = new BuildReconciler(shipped.Journal, home.Builder);
        await shipped.ShipAsync(home, BuildHome.Manifest("echo started; sleep 1000"));
        await reconciler.ReconcileAsync(Never);
        await StartedAsync();

        await shipped.RollBackAsync();
        await reconciler.ReconcileAsync(Never);

        await Eventually.HoldsAsync(() => !Directory.Exists(home.In("builds/rel-1/checkout")), "the build is gone");
        Assert.Equal(Outcome.RolledBack, shipped.Release.Outcome);
        Assert.Empty(home.Processes());
    }

    [Fact]
    public async Task ANewControlPlaneEndsTheOldOnesBuildAndStartsAgain()
    {
        var never = new TaskCompletionSource<BuildOutcome>();
        using var orphan = home.Orphan();
        var killed = new BuildReconciler(
            shipped.Journal,
            new ScriptedBuilder(
                async (job, report, _) =>
                {
                    await report(new Event.BuildStageEntered(job.Release, BuildStage.Full));
                    return await never.Task;
                }
            )
        );
        await shipped.ShipAsync(home, BuildHome.Manifest());
        await killed.ReconcileAsync(Never);

        await using var next = new BuildReconciler(shipped.Journal, home.Builder);
        await next.ReconcileAsync(Never);
        await shipped.ReachedAsync(Phase.Gating);

        Assert.True(orphan.HasExited);
        Assert.NotNull(shipped.Version.Artifact);
    }

    [Fact]
    public async Task ABuilderThatAnswersAtOnceIsDoneInOneRound()
    {
        var builder = new ScriptedBuilder((_, _, _) => Task.FromResult<BuildOutcome>(new BuildOutcome.Built(Artifact)));
        await using var reconciler = new BuildReconciler(shipped.Journal, builder);
        await shipped.ShipAsync(home, BuildHome.Manifest());

        var round = reconciler.ReconcileAsync(Never);

        Assert.True(round.IsCompletedSuccessfully);
        Assert.Equal(Phase.Gating, shipped.Release.Phase);
        Assert.Equal(Artifact, shipped.Version.Artifact);
    }

    [Fact]
    public async Task WhatTheLogCannotHoldEndsTheRelease()
    {
        var evidence = new BuildEvidence([], 0, [new string('x', 70_000)]);
        var builder = new ScriptedBuilder(
            (_, _, _) => Task.FromResult<BuildOutcome>(new BuildOutcome.Built(Artifact with { Evidence = evidence }))
        );
        await using var reconciler = new BuildReconciler(shipped.Journal, builder);
        await shipped.ShipAsync(home, BuildHome.Manifest());

        await reconciler.ReconcileAsync(Never);
        await Assert.ThrowsAsync<InvalidOperationException>(() => reconciler.ReconcileAsync(Never));

        Assert.Equal((Outcome.Failed, 1), (shipped.Release.Outcome, builder.Builds));
        Assert.Contains("65535 bytes an entry", shipped.Release.OutcomeReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2_000, 2_001)]
    [InlineData(1_999, 2_000)]
    public async Task AReasonOfAnyLengthIsTold(int letters, int told)
    {
        var reason = new string('x', letters) + string.Concat(Enumerable.Repeat("\U0001F4B6", 40_000));
        var failed = new BuildOutcome.Failed(BuildStage.Checkout, reason);
        var builder = new ScriptedBuilder((_, _, _) => Task.FromResult<BuildOutcome>(failed));
        await using var reconciler = new BuildReconciler(shipped.Journal, builder);
        await shipped.ShipAsync(home, BuildHome.Manifest());

        await reconciler.ReconcileAsync(Never);

        Assert.Equal((Outcome.Failed, told), (shipped.Release.Outcome, shipped.Release.OutcomeReason?.Length));
    }

    [Fact]
    public async Task MoreRoundsStartNothingTwice()
    {
        var answer = new TaskCompletionSource<BuildOutcome>();
        var builder = new ScriptedBuilder((_, _, _) => answer.Task);
        await using var reconciler = new BuildReconciler(shipped.Journal, builder);
        await shipped.ShipAsync(home, BuildHome.Manifest());

        for (var round = 0; round < 3; round++)
            await reconciler.ReconcileAsync(Never);
        answer.SetResult(new BuildOutcome.Built(Artifact));
        await shipped.ReachedAsync(Phase.Gating);
        await reconciler.ReconcileAsync(Never);

        Assert.Equal((1, 1), (builder.Recoveries, builder.Builds));
    }

    [Fact]
    public async Task WhatNobodyForesawEndsTheReleaseAndIsSeenByTheLoop()
    {
        var builder = new ScriptedBuilder((_, _, _) => throw new InvalidOperationException("odd"));
        await using var reconciler = new BuildReconciler(shipped.Journal, builder);
        await shipped.ShipAsync(home, BuildHome.Manifest());
        await reconciler.ReconcileAsync(Never);

        var seen = await Assert.ThrowsAsync<InvalidOperationException>(() => reconciler.ReconcileAsync(Never));

        Assert.Equal("odd", seen.Message);
        Assert.Equal("the build broke off: odd", shipped.Release.OutcomeReason);
        await reconciler.ReconcileAsync(Never);
        Assert.Equal(1, builder.Builds);
    }

    [Fact]
    public async Task AReportThatComesTooLateStopsTheBuild()
    {
        var stopped = false;
        var builder = new ScriptedBuilder(
            async (job, report, ct) =>
            {
                await shipped.RollBackAsync();
                await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
                    report(new Event.BuildStageEntered(job.Release, BuildStage.Build))
                );
                stopped = ct.IsCancellationRequested;
                throw new OperationCanceledException(ct);
            }
        );
        await using var reconciler = new BuildReconciler(shipped.Journal, builder);
        await shipped.ShipAsync(home, BuildHome.Manifest());

        await reconciler.ReconcileAsync(Never);
        await reconciler.ReconcileAsync(Never);

        Assert.True(stopped);
        Assert.Equal(Outcome.RolledBack, shipped.Release.Outcome);
    }

    private static Artifact Artifact { get; } = new("sha256:0", 1, [], DateTimeOffset.UnixEpoch);

    private Task StartedAsync() =>
        Eventually.HoldsAsync(
            () => home.Builder.LastLines(BuildHome.Release, BuildStage.Build).Contains("started"),
            "the build command runs"
        );
}
