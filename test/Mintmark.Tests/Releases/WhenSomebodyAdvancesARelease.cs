using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;
using static Mintmark.Tests.Releases.Story;

namespace Mintmark.Tests.Releases;

public sealed class WhenSomebodyAdvancesARelease
{
    private static readonly Manifest Asks = Declared with
    {
        Rollout = Declared.Rollout with { WithoutEvidence = WithoutEvidence.Ask, PatienceSeconds = 60 },
    };

    private static readonly Event Lacks = Judged(2, 0, Verdict.NotEnoughEvidence);
    private static readonly Event.StepAdvanced Advanced = new(Release(2), 0, Why);
    private static readonly Command.Advance Advance = new(Release(2), Why, null);

    [Fact]
    public void TheReleaseGoesOnAndTheLogSaysByWhom()
    {
        var story = Ramp(Asks, Lacks).When(Advance).Then(Advanced);
        var step = story.State.Releases[Release(2)].Steps[0];
        Assert.Equal(Why, step.Advanced!.Reason);
        Assert.Null(step.Reached);

        After(story.State).WhenRecorded(Step(2, 1)).Then(Step(2, 1));
    }

    [Fact]
    public void TheVerdictStaysWhatItWas() =>
        Assert.Equal(
            Verdict.NotEnoughEvidence,
            Ramp(Asks, Lacks).When(Advance).State.Releases[Release(2)].Steps[0].Lacking!.Verdict
        );

    [Fact]
    public void ACandidateThatIsWorseDoesNotGoOn() =>
        Ramp(Asks, Lacks)
            .When(Advance with { Worse = "9 errors" })
            .ThenRefused("candidate-is-worse", "bank-2 is worse: 9 errors");

    [Fact]
    public void AStepThatStillHasTimeDoesNotWait() =>
        Ramp(Asks).When(Advance).ThenRefused("nothing-waits", "step 1 of rel-2 has not lacked evidence for 60 s yet");

    [Fact]
    public void AManifestThatWaitsForEvidenceAsksNobody() =>
        Ramp(Declared, Lacks)
            .When(Advance)
            .ThenRefused("nothing-waits", "the mint.yaml of bank-2 does not ask a person (rollout.without-evidence)");

    [Fact]
    public void AStepIsAdvancedOnce() =>
        Ramp(Asks, Lacks, Advanced).When(Advance).ThenRefused("nothing-waits", "step 1 of rel-2 has passed already");

    [Fact]
    public void AReleaseThatHasEndedIsOver() =>
        Ramp(Asks, Lacks, RolledBack(2)).When(Advance).ThenRefused("nothing-waits", "rel-2 is over: because");

    [Fact]
    public void AReleaseThatIsNotThereIsSaid() =>
        Ramp(Asks)
            .When(Advance with { Release = Release(9) })
            .ThenRefused("unknown-release", "there is no rel-9; 'mint releases' lists them");

    [Fact]
    public void ThatEvidenceIsLackingIsRecordedOnceAndOnlyWhileItIs()
    {
        Ramp(Asks, Lacks).IsOvertaken(Lacks, "that the step lacks evidence is known, or true no more");
        Ramp(Asks, GoodEnough(2, 0)).IsOvertaken(Lacks, "that the step lacks evidence is known, or true no more");
    }

    private static State Ramp(Manifest manifest, params Event[] more) =>
        Given([
            .. InService(1),
            .. Ramping(2, 1).Select(e => e is Event.ShipRequested asked ? asked with { Manifest = manifest } : e),
            .. more,
        ]);
}
