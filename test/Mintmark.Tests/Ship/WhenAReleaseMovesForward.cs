using Mintmark.Releases;
using Mintmark.Ship;
using Mintmark.Tests.Watch;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Ship;

public sealed class WhenAReleaseMovesForward
{
    private static readonly Past Usual = new(
        ByName.Of<long>(("slow-p50", 2_000), ("slow-p99", 8_000)),
        ByName.Of<decimal>(("errors", 0.002m))
    );

    [Fact]
    public void AFirstReleaseIsAdmittedWithoutABaselineAndPromotedOnceHealthy()
    {
        using var story = InMemory().Waiting();
        Assert.Equal(new Event.ReleaseAdmitted(new(1), null), Next(story));

        story.Admitted().Started();
        Assert.Null(Next(story));

        Assert.Equal(new Event.Promoted(new(1)), Next(story.Healthy()));
    }

    [Fact]
    public void ACandidateIsAdmittedBesideTheVersionThatServes()
    {
        using var story = InMemory().Serving().Waiting();

        Assert.Equal(new Event.ReleaseAdmitted(new(2), Mark(1)), Next(story));
    }

    [Fact]
    public void ItsFirstStepComesWhenItIsHealthy()
    {
        using var story = InMemory().Serving().Starting().Reported(Mark(1));
        Assert.Null(Next(story));

        Assert.Equal(Step(0, 500), Next(story.Healthy()));
    }

    [Theory]
    [InlineData(null, 4_000, 16_000)]
    [InlineData(0L, 4_000, 16_000)]
    [InlineData(1L, 4_000, 16_000)]
    [InlineData(5L, 7_000, 16_000)]
    [InlineData(25L, 27_000, 33_000)]
    public void SlowIsBeyondTheRatioAndBeyondTheDelay(long? delay, long median, long tail)
    {
        var rollout = Declared.Rollout with { ToleratedDelayMilliseconds = delay };

        Assert.Equal(ByName.Of<long>(("slow-p50", median), ("slow-p99", tail)), Usual.Thresholds(rollout));
    }

    [Fact]
    public void TheFirstStepWaitsForTheBaselinesInvariants()
    {
        using var story = InMemory().Serving().Starting().Healthy();
        Assert.Null(Next(story));

        Assert.IsType<Event.StepTaken>(Next(story.Reported(Mark(1))));
    }

    [Fact]
    public void ButNotLongForABaselineThatCannotSay()
    {
        using var story = InMemory().Serving().Starting().Healthy();

        Assert.Null(Next(story.After(4.9)));
        Assert.IsType<Event.StepTaken>(Next(story.After(0.1)));
    }

    [Fact]
    public void InvariantsReportedInAnEarlierReleaseAreNoAnswer()
    {
        using var story = InMemory().Starting().Healthy().Reported(Mark(1));
        story.Then(new Event.Promoted(new(1))).After(600).Then(new Event.GuardEnded(new(1)));

        Assert.Null(Next(story.After(1).Starting().Healthy()));
    }

    [Fact]
    public void EveryStepWaitsForTheVerdictOnTheOneBefore()
    {
        using var story = InMemory().Serving().Ramping();
        Assert.Null(Next(story));

        Assert.Equal(Step(1, 2_500), Next(story.GoodEnough()));
    }

    [Fact]
    public void WhatThePastDoesNotTellIsSlowAsInTheStepBefore()
    {
        using var story = InMemory().Serving().Starting().Healthy();
        story.SteppedUp(ByName.Of<decimal>(("errors", 0.5m), ("slow-p99", 0.02m))).GoodEnough();
        var median = new Past(ByName.Of<long>(("slow-p50", 2_000)), ByName.Of<decimal>(("errors", 0.002m)));

        Assert.Equal(
            Step(1, 2_500) with
            {
                Thresholds = ByName.Of<long>(("slow-p99", 9_000)),
                PastRates = ByName.Of<decimal>(("slow-p99", 0.02m)),
            },
            Next(story, Past.Unknown)
        );
        Assert.Equal(
            Step(1, 2_500) with
            {
                Thresholds = ByName.Of<long>(("slow-p50", 4_000), ("slow-p99", 9_000)),
                PastRates = ByName.Of<decimal>(("errors", 0.002m), ("slow-p50", 0.5m), ("slow-p99", 0.02m)),
            },
            Next(story, median)
        );
        Assert.Equal(Step(1, 2_500), Next(story, Usual));
    }

    [Fact]
    public void TheLastVerdictPromotes()
    {
        using var story = InMemory().Serving().Ramping().GoodEnough().SteppedUp().GoodEnough().SteppedUp();
        Assert.Null(Next(story));

        Assert.Equal(new Event.Promoted(new(2)), Next(story.GoodEnough()));
    }

    [Fact]
    public void ACandidateThatIsDownGetsNoMoreTraffic()
    {
        using var story = InMemory().Serving().Ramping().GoodEnough().Exited(Mark(2), 139);

        Assert.Null(Next(story));
    }

    [Fact]
    public void AReturnIsPromotedOnceHealthyAndHasNoGuard()
    {
        using var story = InMemory().Serving().Guarding().After(600);
        story.Then(new Event.GuardEnded(new(2))).Exited(Mark(1), 0).Do(new Command.Rollback(Bank, null, "sums off"));
        Assert.Equal(new Event.ReleaseAdmitted(new(3), Mark(2)), Next(story));

        Assert.Equal(new Event.Promoted(new(3)), Next(story.Admitted().Started().Healthy()));

        story.Then(new Event.Promoted(new(3)));
        Assert.Equal(Mark(1), story.State.Services[Bank].Serving);
        Assert.Empty(story.State.Open(Bank));
    }

    [Fact]
    public async Task TheReconcilerTakesEveryMoveOnce()
    {
        using var story = InAJournal().Serving().Waiting();
        var ship = new ShipReconciler(story.Journal!, _ => Past.Unknown, _ => true, Verdicts.Against, story.Clock);

        await ship.ReconcileAsync(CancellationToken.None);
        await ship.ReconcileAsync(CancellationToken.None);
        story.Started().Healthy().Reported(Mark(1));
        await ship.ReconcileAsync(CancellationToken.None);
        await ship.ReconcileAsync(CancellationToken.None);

        Assert.Equal(
            [
                new Event.ReleaseAdmitted(new(2), Mark(1)),
                new Event.StepTaken(new(2), 0, new Share(500), ByName<long>.Empty, ByName<decimal>.Empty),
            ],
            story.Journal!.Read(0).Where(e => e.Entry.By == new Actor("mintmark/ship")).Select(e => e.Entry.Event)
        );
    }

    private static Event? Next(Story story) => Next(story, Usual);

    private static Event? Next(Story story, Past baseline) =>
        Planner.Next(story.State, story.Release, story.Now, mark => mark == Mark(1) ? baseline : Past.Unknown);

    private static Event.StepTaken Step(int step, int basisPoints) =>
        new(
            new(2),
            step,
            new Share(basisPoints),
            ByName.Of<long>(("slow-p50", 4_000), ("slow-p99", 16_000)),
            ByName.Of<decimal>(("errors", 0.002m), ("slow-p50", 0.5m), ("slow-p99", 0.01m))
        );
}
