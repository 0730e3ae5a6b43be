using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Watch;

public sealed class WhenEvidenceDoesNotCome
{
    private static readonly ArmTally Calm = ArmTally.Of(4_000, 2, ("errors", 2), ("slow-p99", 40));
    private static readonly Manifest Patient = Declared with
    {
        InvariantsPath = null,
        Rollout = Declared.Rollout with { WithoutEvidence = WithoutEvidence.Ask, PatienceSeconds = 60 },
    };

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    public async Task TheLogSaysSoOnceThePatienceIsOver(int seconds, bool said)
    {
        using var story = InAJournal()
            .Serving()
            .Ramping(Patient)
            .Counted(Calm, ArmTally.Of(120, 0, ("slow-p99", 1)))
            .After(seconds);

        await RoundAsync(story);
        await RoundAsync(story);

        var step = story.Release.Steps[0];
        Assert.Equal(said, step.Lacking is not null);
        Assert.Null(step.Reached);
        Assert.Equal(said ? 1 : 0, Said(story));
        if (said)
            Assert.StartsWith("120 of 200 candidate requests", step.Lacking!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutPatienceDeclaredNothingIsSaid()
    {
        var manifest = Patient with { Rollout = Patient.Rollout with { PatienceSeconds = null } };
        using var story = InAJournal().Serving().Ramping(manifest).After(1e6);
        await RoundAsync(story);
        Assert.Null(story.Release.Steps[0].Lacking);
    }

    [Fact]
    public async Task AClockThatGoesBackSaysNothingTooEarly()
    {
        using var story = InAJournal().Serving().Ramping(Patient).After(-3_600);
        await RoundAsync(story);
        Assert.Null(story.Release.Steps[0].Lacking);
    }

    [Fact]
    public async Task AControlPlaneThatStartsAnewSaysItAtOnceAndOnlyOnce()
    {
        using var story = InAJournal().Serving().Ramping(Patient).After(30);
        await RoundAsync(story);
        story.After(40);
        await RoundAsync(story);
        await RoundAsync(story);
        Assert.Equal(1, Said(story));
    }

    [Fact]
    public async Task EvidenceThatComesLaterStillEndsTheStep()
    {
        using var story = InAJournal().Serving().Ramping(Patient).After(60);
        await RoundAsync(story);
        story.Counted(Calm, ArmTally.Of(200, 0, ("slow-p99", 2)));

        await RoundAsync(story);

        Assert.Equal(Verdict.GoodEnough, story.Release.Steps[0].Reached!.Verdict);
    }

    [Fact]
    public async Task ACandidateThatTurnsOutWorseAfterAPersonLetItGoOnIsTakenBack()
    {
        using var story = InAJournal().Serving().Ramping(Patient).After(60);
        await RoundAsync(story);
        story.Do(new Command.Advance(story.Release.Id, "checked by hand", null));
        Assert.True(story.Release.Steps[0].HasPassed());
        Assert.Equal(
            new VerdictNow(Verdict.NotEnoughEvidence, "advanced by alice: checked by hand", -0m),
            Verdicts.Of(story.State, story.Release, story.Now, story.Now) with
            {
                LogEvidence = 0,
            }
        );
        story.SteppedUp().Counted(Calm, ArmTally.Of(500, 40, ("errors", 40), ("slow-p99", 5)));

        await RoundAsync(story);

        Assert.Equal(Outcome.RolledBack, story.State.Releases[new(2)].Outcome);
    }

    private static long Said(Story story) =>
        story.Journal!.Read(0).Count(e => e.Entry.Event is Event.VerdictReached { Verdict: Verdict.NotEnoughEvidence });

    /// <summary>Of a control plane that has just started.</summary>
    private static Task RoundAsync(Story story) =>
        new WatchReconciler(story.Journal!, new ScriptedProbe(), story.Clock).ReconcileAsync(default);
}
