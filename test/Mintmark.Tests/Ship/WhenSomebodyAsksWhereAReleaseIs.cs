using Mintmark.Releases;
using Mintmark.Ship;
using Mintmark.Tests.Watch;
using Xunit;
using static Mintmark.Tests.Watch.Story;

namespace Mintmark.Tests.Ship;

public sealed class WhenSomebodyAsksWhereAReleaseIs
{
    private static readonly Command Freeze = new Command.Freeze(Bank, "year end");

    [Fact]
    public void ABuildNamesItsStage()
    {
        var story = InMemory().Shipped();
        Assert.Equal("building bank-1: not begun since 09:00:00 UTC", Said(story));

        story.After(5).Then(new Event.BuildStageEntered(new(1), BuildStage.Smoke)).After(60);

        Assert.Equal("building bank-1: smoke since 09:00:05 UTC", Said(story));
    }

    [Fact]
    public void AWaitNamesTheGuardAndItsEnd() =>
        Assert.Equal("waiting for rel-2's guard until 09:21:00 UTC", Said(InMemory().Serving().Guarding().Waiting()));

    [Fact]
    public void AWaitNamesTheFreezeToo() =>
        Assert.Equal(
            "bank-2 is next to start; frozen by alice: year end",
            Said(InMemory().Serving().Waiting().Do(Freeze))
        );

    [Fact]
    public void AStartNamesTheInstance()
    {
        var story = InMemory().Serving().Waiting().Admitted();
        Assert.Equal("waiting for an instance of bank-2", Said(story));
        Assert.Equal(
            "waiting for i-2 of bank-2 to become healthy: started since 09:11:00 UTC",
            Said(story.Started().After(3))
        );
        Assert.Equal("bank-2 is healthy; waiting to hear which invariants bank-1 keeps", Said(story.Healthy()));
        Assert.Equal(
            "bank-2 is healthy; halted by alice: double postings",
            Said(story.Reported(Mark(1)).Do(new Command.Halt(null, "double postings")))
        );
    }

    [Fact]
    public void AStepNamesTheEvidenceThatIsMissing() =>
        Assert.Equal(
            "step 1 of 3: bank-2 has 5 % of the traffic; 7 of 200 requests",
            Said(InMemory().Serving().Ramping())
        );

    [Theory]
    [InlineData(WithoutEvidence.Wait, "; not enough since 09:12:00 UTC, and waits for it")]
    [InlineData(WithoutEvidence.Probe, "; not enough since 09:12:00 UTC: probes are being sent")]
    [InlineData(
        WithoutEvidence.Ask,
        "; not enough since 09:12:00 UTC: a person decides, with: mint advance rel-2 --reason \"…\""
    )]
    public void AStepWithoutEvidenceForLongNamesWhatIsDoneAboutIt(WithoutEvidence policy, string said)
    {
        var rollout = Declared.Rollout with { WithoutEvidence = policy, PatienceSeconds = 60 };
        var story = InMemory().Serving().Ramping(Declared with { Rollout = rollout }).After(60);
        story.Then(new Event.VerdictReached(story.Release.Id, 0, Verdict.NotEnoughEvidence, "7 of 200", null));

        Assert.EndsWith("7 of 200 requests" + said, Said(story), StringComparison.Ordinal);
    }

    [Fact]
    public void AStepThatAPersonAdvancedNamesThePerson()
    {
        var rollout = Declared.Rollout with { WithoutEvidence = WithoutEvidence.Ask, PatienceSeconds = 60 };
        var story = InMemory().Serving().Ramping(Declared with { Rollout = rollout });
        story.Then(new Event.VerdictReached(story.Release.Id, 0, Verdict.NotEnoughEvidence, "7 of 200", null));

        story.Do(new Command.Advance(story.Release.Id, "checked by hand", null));

        Assert.Equal("step 1 of 3: bank-2 has 5 % of the traffic and goes on by alice's word", Said(story));
    }

    [Fact]
    public void AGoodEnoughStepNamesWhatHoldsIt()
    {
        Assert.Equal(
            "step 1 of 3: bank-2 has 5 % of the traffic and is good enough; frozen by alice: year end",
            Said(InMemory().Serving().Ramping().GoodEnough().Do(Freeze))
        );
        Assert.Equal(
            "step 1 of 3: bank-2 has 5 % of the traffic and was good enough, but has no healthy instance",
            Said(InMemory().Serving().Ramping().GoodEnough().Exited(Mark(2), 139))
        );
    }

    [Fact]
    public void AGuardNamesItsEndAndWhatIsKeptWarm()
    {
        var story = InMemory().Serving().Guarding();
        Assert.Equal("bank-2 serves; guarded until 09:21:00 UTC, bank-1 kept warm", Said(story));

        story.Do(new Command.Halt(Bank, "double postings")).After(600);

        Assert.Equal(
            "bank-2 serves; its guard goes on, bank-1 kept warm: halted by alice: double postings",
            Said(story)
        );
    }

    [Fact]
    public void AnEndNamesItsOutcome()
    {
        var story = InMemory().Serving().Ramping().After(2);
        story.Then(new Event.VerdictReached(new(2), 0, Verdict.Worse, "40 errors", 9.9m));

        Assert.Equal(
            "ended 09:11:02 UTC: rolled back, worse: 40 errors",
            Progress.Explain(story.State, story.State.Releases[new(2)], story.Now, _ => "")
        );
    }

    private static string Said(Story story) =>
        Progress.Explain(story.State, story.Release, story.Now, _ => "7 of 200 requests");
}
