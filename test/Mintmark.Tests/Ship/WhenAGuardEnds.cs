using Mintmark.Releases;
using Mintmark.Ship;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Ship;

public sealed class WhenAGuardEnds
{
    /// <summary>A gateway that found the version worse while nobody listened has to be heard first.</summary>
    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    public async Task TheGatewaysAreHeardFirst(int heardAfterItsEnd, bool ended)
    {
        using var story = InAJournal().Serving().Guarding();
        var guard = story.State.Plan(story.Release).GuardSeconds;
        var heard = TimeSpan.FromSeconds(10_000 - guard - heardAfterItsEnd);
        var ship = new ShipReconciler(
            story.Journal!,
            _ => Past.Unknown,
            ago => heard <= ago,
            Verdicts.Against,
            story.Clock
        );

        story.After(10_000);
        await ship.ReconcileAsync(CancellationToken.None);

        Assert.Equal(ended, !story.State.Open(Bank).Any());
    }

    [Theory]
    [InlineData(7_200)]
    [InlineData(-7_200)]
    public async Task AClockThatIsSetMakesItNoShorterAndNoLonger(int set)
    {
        using var story = InAJournal().Serving().Guarding();
        var heard = new List<TimeSpan>();
        var ship = new ShipReconciler(
            story.Journal!,
            _ => Past.Unknown,
            ago =>
            {
                heard.Add(ago);
                return true;
            },
            Verdicts.Against,
            story.Clock
        );
        await ship.ReconcileAsync(CancellationToken.None);

        story.Clock.SetWrong(TimeSpan.FromSeconds(set));
        story.After(story.State.Plan(story.Release).GuardSeconds - 1);
        await ship.ReconcileAsync(CancellationToken.None);
        Assert.Single(story.State.Open(Bank));
        Assert.Empty(heard);

        story.After(3);
        await ship.ReconcileAsync(CancellationToken.None);
        Assert.Empty(story.State.Open(Bank));
        Assert.Equal([TimeSpan.FromSeconds(2)], heard);
    }

    [Fact]
    public void AHaltThatCameMeanwhileKeepsItOpen()
    {
        using var story = InMemory().Serving().Guarding().After(10_000).Do(new Command.Halt(Bank, "stop"));
        var ended = new Command.Record(new Event.GuardEnded(story.Release.Id));

        var refused = Assert.IsType<Decision.Refused>(Decider.Decide(story.State, ended, Alice));
        Assert.Equal("halted: stop", refused.Reason);

        story.Do(new Command.Resume(Bank, "go on"));
        story.Then(new Event.InstanceHealthChanged(story.Newest(Mark(2)).Id, false, "answers 500"));
        Assert.IsType<Decision.Refused>(Decider.Decide(story.State, ended, Alice));
    }

    /// <summary>Few clients, or the same ones, are no evidence, and are seen all the same.</summary>
    [Theory]
    [InlineData(0, true)]
    [InlineData(700, false)]
    public async Task ItGoesOnWhileTheNewVersionFailsFarMore(int errors, bool ended)
    {
        var holds = Declared with { Rollout = Declared.Rollout with { Holdback = new Share(500) } };
        using var story = InAJournal().Serving().Guarding(holds);
        var (usual, candidate) = (ArmTally.Of(50, 0), ArmTally.Of(950, errors, ("errors", Math.Min(errors, 2))));
        story.Counted(usual, candidate).After(10_000);
        var ship = new ShipReconciler(story.Journal!, _ => Past.Unknown, _ => true, Verdicts.Against, story.Clock);

        await ship.ReconcileAsync(CancellationToken.None);

        Assert.Equal(ended, !story.State.Open(Bank).Any());
        if (!ended)
        {
            Assert.StartsWith(
                "bank-2 serves; its guard goes on, 5 % held back on bank-1: held: 700 of 950 requests failed",
                Progress.Explain(story.State, story.Release, story.Now, _ => "", Verdicts.Against),
                StringComparison.Ordinal
            );
        }
    }

    [Fact]
    public void TheExplanationNamesWhatIsHeldBack()
    {
        var holds = Declared with { Rollout = Declared.Rollout with { Holdback = new Share(500) } };
        using var story = InMemory().Serving().Guarding(holds);

        Assert.Equal(
            "bank-2 serves; guarded until 09:21:00 UTC, 5 % held back on bank-1",
            Progress.Explain(story.State, story.Release, story.Now, _ => "")
        );
    }

    [Fact]
    public void TheStepThatBeginsTheGuardIsPlannedAfterTheLast()
    {
        var holds = Declared with
        {
            Rollout = Declared.Rollout with { Steps = [Step(500, 200)], Holdback = new Share(500) },
        };
        using var story = InMemory().Serving().Ramping(holds).GoodEnough();

        var next = Planner.Next(story.State, story.Release, story.Now, _ => Past.Unknown);

        Assert.Equal((1, new Share(9_500)), next is Event.StepTaken guard ? (guard.Step, guard.Share) : default);
    }
}
