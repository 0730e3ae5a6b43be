using Mintmark.Log;
using Mintmark.Releases;
using Mintmark.Tests.Journal;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.ScriptedProbe;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenInvariantsAreAsked : IDisposable
{
    private const int Baseline = 20_001;
    private const int Candidate = 20_002;
    private static readonly ArmTally Enough = ArmTally.Of(200, 0);

    private readonly Story _story = InAJournal();
    private readonly ScriptedProbe _probe = new();
    private readonly WatchReconciler _watch;

    public WhenInvariantsAreAsked() => _watch = new(_story.Journal!, _probe, _story.Clock);

    [Fact]
    public async Task BothArmsReportOnceInEachStepAndOnceForEachChange()
    {
        _probe.Always(Baseline, Fine);
        _probe.Always(Candidate, Fine);
        _story.Serving().Starting().Healthy();

        await RoundsAsync(5);
        _story.SteppedUp();
        await RoundsAsync(5);
        _probe.Always(Baseline, Given("off by 1"));
        await RoundsAsync(3);
        _probe.Always(Baseline, Given("off by 2"));
        await RoundsAsync(3);

        Assert.Equal(
            ["i-1 in -1: kept", "i-2 in -1: kept", "i-1 in 0: kept", "i-2 in 0: kept", "i-1 in 0: off by 1"],
            Recorded<Event.InvariantsReported>()
                .Select(r => $"{r.Instance} in {r.Step}: {r.Results.Single().Broken ?? "kept"}")
        );
    }

    [Fact]
    public async Task TheyAreAskedOnceASecond()
    {
        _probe.Always(Baseline, Fine);
        _probe.Always(Candidate, Fine);
        _story.Serving().Ramping();

        await RoundsAsync(8, seconds: 0.25);

        Assert.Equal(2 * 2, _probe.Asked);
    }

    [Fact]
    public async Task ASlowAnswerHoldsUpNothingElse()
    {
        _probe.Always(Candidate, Given("off by 1"));
        _story.Serving().Starting().Reported(Mark(1)).Healthy().SteppedUp();

        await RoundsAsync(2);

        Assert.Equal(Outcome.RolledBack, _story.State.Releases[new(2)].Outcome);
    }

    [Fact]
    public async Task AnAnswerToAQuestionOfAnEarlierStepSaysNothingOfThisOne()
    {
        _story.Serving().Starting().Healthy();
        await RoundsAsync(1);
        _story.SteppedUp();
        _probe.Answer(Candidate, Fine);

        await RoundsAsync(1);

        Assert.Empty(Recorded<Event.InvariantsReported>());
    }

    [Fact]
    public async Task AnUnclearAnswerIsNoBrokenInvariantButKeepsTheStepOpen()
    {
        _probe.Always(Baseline, Fine);
        _probe.Always(Candidate, new InvariantAnswer.Unclear("/invariants: answers 500, not 200"));
        _story.Serving().Ramping().Counted(ArmTally.None, Enough);

        await RoundsAsync(5);

        Assert.Empty(Recorded<Event.VerdictReached>());
        Assert.Equal("/invariants: answers 500, not 200", _watch.Explain(_story.State, _story.Release).Reason);
    }

    [Fact]
    public async Task AnUnclearAnswerAfterAClearOneKeepsTheStepOpenToo()
    {
        _probe.Always(Baseline, Fine);
        _probe.Always(Candidate, Fine);
        _story.Serving().Ramping();
        await RoundsAsync(3);
        _probe.Always(Candidate, new InvariantAnswer.Unclear("/invariants: answers 500, not 200"));
        await RoundsAsync(2);
        _story.Counted(ArmTally.None, Enough);

        await RoundsAsync(5);

        Assert.Empty(Recorded<Event.VerdictReached>());
    }

    [Fact]
    public async Task AStepEndsOnAnAnswerToAQuestionThatCameAfterItsRequests()
    {
        _probe.Always(Baseline, Fine);
        _story.Serving().Ramping().Reported(Mark(2)).Counted(ArmTally.None, Enough);
        await RoundsAsync(3);
        Assert.Empty(Recorded<Event.VerdictReached>());

        _probe.Answer(Candidate, Fine);
        await RoundsAsync(2);

        Assert.Equal(Verdict.GoodEnough, Recorded<Event.VerdictReached>().Single().Verdict);
    }

    [Fact]
    public async Task WhatAShortStepBrokeIsSeenBeforeItEnds()
    {
        _probe.Always(Baseline, Fine);
        _probe.Always(Candidate, Fine);
        _story.Serving().Starting().Healthy();
        await RoundsAsync(2);
        _story.SteppedUp();
        await RoundsAsync(2, seconds: 0.01);
        _story.Counted(ArmTally.None, Enough);
        _probe.Always(Candidate, Given("off by 1"));

        await RoundsAsync(3, seconds: 0.01);

        Assert.Equal(Verdict.Worse, Recorded<Event.VerdictReached>().Single().Verdict);
    }

    [Fact]
    public async Task AWorseVerdictRollsBackThoughEverythingIsFrozen()
    {
        _probe.Always(Baseline, Fine);
        _probe.Always(Candidate, Fine);
        _story.Serving().Ramping().Do(new Command.Freeze(null, "year end"));
        await RoundsAsync(2);
        _story.Counted(ArmTally.None, ArmTally.Of(100, 30, ("errors", 30)));

        await RoundsAsync(1);

        var release = _story.State.Releases[new(2)];
        Assert.Equal(Outcome.RolledBack, release.Outcome);
        Assert.StartsWith("worse: 30 errors", release.OutcomeReason, StringComparison.Ordinal);
        Assert.Equal(Mark(1), _story.State.Services[Bank].Serving);
    }

    [Fact]
    public async Task WhatIsWorseIsTakenBackThoughTheDiskIsFull()
    {
        var disk = new FullDisk { Kept = true };
        using var story = InAJournal(disk).Serving().Starting();
        story.Reported(Mark(1)).Healthy().SteppedUp();
        _probe.Always(Baseline, Fine);
        _probe.Always(Candidate, Given("off by 1"));
        var watch = new WatchReconciler(story.Journal!, _probe, story.Clock);
        await watch.ReconcileAsync(CancellationToken.None);
        disk.Full = true;

        // That the baseline is fine finds no room.
        await Assert.ThrowsAsync<LogStorageException>(() => watch.ReconcileAsync(CancellationToken.None));

        Assert.Equal(Outcome.RolledBack, story.State.Releases[new(2)].Outcome);
    }

    [Fact]
    public async Task NoStepEndsOnAnAnswerThatFoundNoRoom()
    {
        var disk = new FullDisk();
        using var story = InAJournal(disk).Serving().Ramping().Reported(Mark(1)).Reported(Mark(2));
        _probe.Always(Baseline, Fine);
        var watch = new WatchReconciler(story.Journal!, _probe, story.Clock);
        story.Counted(ArmTally.None, Enough);
        await watch.ReconcileAsync(CancellationToken.None);
        _probe.Answer(Candidate, Given("off by 1"));
        disk.Full = true;
        await Assert.ThrowsAsync<LogStorageException>(() => watch.ReconcileAsync(CancellationToken.None));
        disk.Full = false;

        await watch.ReconcileAsync(CancellationToken.None);

        Assert.Null(story.State.Releases[new(2)].Steps[^1].Reached);
    }

    [Fact]
    public async Task TheSameRoundTwiceRecordsNothingTwice()
    {
        _probe.Always(Baseline, Fine);
        _probe.Always(Candidate, Fine);
        _story.Serving().Ramping().Counted(ArmTally.None, Enough);
        await RoundsAsync(4);
        var size = _story.State.Size;

        await RoundsAsync(10);

        Assert.Equal(size, _story.State.Size);
    }

    [Fact]
    public async Task ACrashBetweenAnyTwoRoundsLosesNoVerdict()
    {
        _probe.Always(Baseline, Fine);
        _probe.Always(Candidate, Given("off by 1"));
        _story.Serving().Starting().Reported(Mark(1)).Healthy().SteppedUp();

        await _watch.ReconcileAsync(CancellationToken.None);
        var restarted = new WatchReconciler(_story.Journal!, _probe, _story.Clock);
        await restarted.ReconcileAsync(CancellationToken.None);
        await restarted.ReconcileAsync(CancellationToken.None);

        Assert.Equal(Outcome.RolledBack, _story.State.Releases[new(2)].Outcome);
    }

    public void Dispose() => _story.Dispose();

    private async Task RoundsAsync(int rounds, double seconds = 1)
    {
        for (var round = 0; round < rounds; round++)
        {
            await _watch.ReconcileAsync(CancellationToken.None);
            _story.After(seconds);
        }
    }

    private List<T> Recorded<T>()
        where T : Event =>
        [
            .. _story
                .Journal!.Read(0)
                .Where(e => e.Entry.By == new Actor("mintmark/watch"))
                .Select(e => e.Entry.Event)
                .OfType<T>(),
        ];
}
