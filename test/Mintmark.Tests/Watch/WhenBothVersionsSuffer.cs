using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

/// <summary>A step at 5 %, where 0.1 % of requests failed before; then a bank that both call goes down.</summary>
public sealed class WhenBothVersionsSuffer
{
    private static readonly Manifest Plain = Declared with { InvariantsPath = null };

    [Fact]
    public void FiftyTimesTheErrorsOnBothHoldTheRampAndCondemnNobody()
    {
        using var story = Ramp().After(15).Counted(Arm(4_000, 200), Arm(210, 10));

        var (verdict, reason, _) = Now(story);

        Assert.Equal(Verdict.NotEnoughEvidence, verdict);
        Assert.Equal(
            "shared incident: bank-1 has 200 errors in its last 4,000 requests, 5 % after 0.1 % before this step",
            reason
        );
    }

    [Fact]
    public void ACandidateThatIsWorseDuringTheIncidentIsFound()
    {
        using var story = Ramp().After(15).Counted(Arm(4_000, 200), Arm(210, 90));
        Assert.Equal(Verdict.Worse, Now(story).Verdict);
    }

    [Fact]
    public void WhenTheIncidentIsOverTheRampGoesOn()
    {
        using var story = Ramp().After(15).Counted(Arm(4_000, 200), Arm(210, 10));
        for (var i = 1; i <= 13; i++)
            story.After(10).Counted(Arm(4_000 + i * 2_000, 200 + i * 2), Arm(210 + i * 100, 10));

        Assert.Equal(Verdict.GoodEnough, Now(story).Verdict);
    }

    /// <summary>The version that serves has gone bad, and this one is its fix.</summary>
    [Fact]
    public void OneThatIsSparedIsNotHeld()
    {
        using var story = Ramp().After(15).Counted(Arm(4_000, 800), Arm(210, 0));
        Assert.Equal(Verdict.GoodEnough, Now(story).Verdict);
    }

    [Theory]
    [InlineData(800, 21, 0)]
    [InlineData(60, 0, 0)]
    [InlineData(800, 0, 1)]
    public void OneThatIsNotShownToBeSparedIsHeld(int baseline, int candidate, int probes)
    {
        using var story = Ramp().After(15).Counted(Arm(4_000, baseline) with { Probes = probes }, Arm(210, candidate));
        Assert.StartsWith("shared incident", Now(story).Reason, StringComparison.Ordinal);
    }

    /// <summary>At the edge of the null, where the mean is 1 at most.</summary>
    [Fact]
    public void OneThatFailsHalfAsOftenIsSeldomCalledSpared()
    {
        var random = new Random(7);
        const double Share = 0.05;
        var called = 0;
        for (var run = 0; run < 4_000; run++)
        {
            var (baseline, candidate) = (0, 0);
            for (var spared = false; !spared && baseline + candidate < 1_000; )
            {
                if (random.NextDouble() < 0.5 * Share / (1 - 0.5 * Share))
                    candidate++;
                else
                    baseline++;
                spared = SparedTest.Is(new UnitCounts(new(500), baseline, candidate, 0, 0));
                called += spared ? 1 : 0;
            }
        }
        // 1 % is 40; more than 65 would be so once in ten thousand.
        Assert.InRange(called, 1, 65);
    }

    [Fact]
    public void AnOrdinaryBadMinuteIsNoIncident()
    {
        using var story = Ramp().After(15).Counted(Arm(4_000, 9), Arm(210, 0));
        Assert.Equal(Verdict.GoodEnough, Now(story).Verdict);
    }

    [Fact]
    public void WithoutAKnownPastNothingIsAnIncident()
    {
        using var story = InMemory().Serving().Ramping(Plain).After(15).Counted(Arm(4_000, 200), Arm(210, 10));
        Assert.Equal(Verdict.GoodEnough, Now(story).Verdict);
    }

    [Fact]
    public async Task AControlPlaneThatStartsInTheMiddleHoldsItToo()
    {
        using var story = InAJournal().Serving().Starting(Plain).Healthy().SteppedUp(Usual);
        story.After(15).Counted(Arm(4_000, 200), Arm(210, 10));

        await new WatchReconciler(story.Journal!, new ScriptedProbe(), story.Clock).ReconcileAsync(default);

        Assert.Null(story.Release.Steps[0].Reached);
    }

    private static ByName<decimal> Usual { get; } = ByName.Of<decimal>((Indicators.Errors, 0.001m));

    private static Story Ramp() => InMemory().Serving().Starting(Plain).Healthy().SteppedUp(Usual);

    private static ArmTally Arm(long requests, long errors) =>
        ArmTally.Of(requests, errors, (Indicators.Errors, errors));

    private static VerdictNow Now(Story story) => Verdicts.Of(story.State, story.Release, story.Now, story.Now);
}
