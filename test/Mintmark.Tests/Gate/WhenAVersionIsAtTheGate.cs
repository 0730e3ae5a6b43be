using Mintmark.Gate;
using Mintmark.Releases;
using Mintmark.Tests.Watch;
using Xunit;

namespace Mintmark.Tests.Gate;

public sealed class WhenAVersionIsAtTheGate
{
    private const string Digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Fact]
    public void EveryControlIsNamedWithItsEvidence()
    {
        using var story = Story.InMemory().Shipped().Built();

        Assert.Equal(
            [
                new("smoke-suite-passed", true, $"3 cases passed, 0 skipped ({Digest})"),
                new("full-suite-passed", true, $"40 cases passed, 2 skipped ({Digest})"),
                new(
                    "working-tree-clean",
                    true,
                    $"built from a checkout of {new string('c', 40)} (tree {new string('e', 40)})"
                ),
                new("artifact-stored", true, $"{Digest}, 1,024 bytes"),
                new("components-listed", true, "12 components; not covered: go: go.mod"),
                new("components-audited", true, "no advisories are named here"),
                new("secrets-absent", true, "none in 0 files, 0 bytes"),
                new("rollback-target", true, "nothing serves yet: there is nothing to go back to"),
                new("profile-unchanged", true, "nothing serves yet: this version says which profile it is of"),
                new("not-frozen", true, "no freeze"),
                new("not-halted", true, "no halt"),
                new("emergency-reviewed", true, "no emergency release is open to review"),
            ],
            Judged(story).Where(c => c.Standing is null)
        );
        Assert.Equal(10, Judged(story).Count(c => c.Standing == Standing.Observed));
    }

    [Fact]
    public void FailedCasesAreNamed()
    {
        using var story = Story.InMemory().Shipped();
        Built(story, new("full", 38, 2, 0, ["Transfers.RoundDown", "Transfers.AreIdempotent"], Digest, 900));

        Assert.Equal(
            ("full-suite-passed", "2 of 40 cases failed: Transfers.RoundDown, Transfers.AreIdempotent"),
            (Refusal(story).Control, Refusal(story).Reason)
        );
    }

    [Fact]
    public void OfManyFailedCasesTheFirstAreNamed()
    {
        using var story = Story.InMemory().Shipped();
        Built(story, new("full", 1, 30, 0, ["a", "b", "c", "d", "e", "f"], Digest, 900));

        Assert.Equal("30 of 31 cases failed: a, b, c, d, e and 25 more", Refusal(story).Reason);
    }

    [Fact]
    public void ASuiteInWhichNothingRanHasNotPassed()
    {
        using var story = Story.InMemory().Shipped();
        Built(story, new("full", 0, 0, 7, [], Digest, 900));

        Assert.Equal("no case of suite full ran (7 skipped)", Refusal(story).Reason);
    }

    [Fact]
    public void ASuiteWithoutResultsHasNotPassed()
    {
        using var story = Story.InMemory().Shipped();
        story.Then(new Event.SuiteFinished(story.Release.Id, new("smoke", 3, 0, 0, [], Digest, 10)));
        story.Then(new Event.VersionBuilt(story.Release.Id, new(Digest, 1_024, [], story.Now, Story.Evidence)));

        Assert.Equal("suite full has no results", Refusal(story).Reason);
    }

    [Fact]
    public void AVersionWhoseComponentsNobodyListedHasToBeBuiltAgain()
    {
        using var story = Story.InMemory().Shipped();
        story.Then(
            new Event.SuiteFinished(story.Release.Id, new("smoke", 3, 0, 0, [], Digest, 10)),
            new Event.SuiteFinished(story.Release.Id, new("full", 3, 0, 0, [], Digest, 10)),
            new Event.VersionBuilt(story.Release.Id, new(Digest, 1_024, [], story.Now))
        );

        Assert.Equal(
            ["it was built without a list of its components: ship it again", "it was built without a scan for secrets"],
            Judged(story).Where(c => c.Refuses).Select(c => c.Reason)
        );
    }

    [Theory]
    [InlineData(0, true, "nothing known among 1,200 advisories (sha256:5); excused: A-2")]
    [InlineData(3, false, "A-1 in pkg:npm/ws@8.0.0 and 2 more, by 1,200 advisories (sha256:5); excused: A-2")]
    public void WhatIsKnownAgainstAComponentRefuses(int findings, bool passed, string reason)
    {
        using var story = Story.InMemory().Shipped();
        string[] open = findings == 0 ? [] : ["A-1 in pkg:npm/ws@8.0.0"];
        var audit = new AuditSummary("sha256:5", 1_200, findings, open, ["A-2"]);
        story.Then(
            new Event.VersionBuilt(
                story.Release.Id,
                new(Digest, 1_024, [], story.Now, Story.Evidence with { Audit = audit })
            )
        );

        var audited = Judged(story).Single(c => c.Control == "components-audited");
        Assert.Equal((passed, reason), (audited.Passed, audited.Reason));
    }

    [Fact]
    public void CommitsThatLinkToNoRequirementAreNamed()
    {
        using var story = Story.InMemory().Shipped();
        var source = new SourceSummary(SignatureState.Good, 3, ["PAY-1"], ["PAY-1"], [new string('f', 40)]);
        story.Then(
            new Event.VersionBuilt(
                story.Release.Id,
                new(Digest, 1_024, [], story.Now, Story.Evidence with { Source = source })
            )
        );

        var linked = Judged(story).Single(c => c.Control == "requirements-linked");
        Assert.Equal(
            (false, Standing.Observed, "3 commits link to PAY-1; without a link: ffffffffffff; not in the file: PAY-1"),
            (linked.Passed, linked.Standing, linked.Reason)
        );
    }

    [Fact]
    public void AFreezeAndAHaltRefuseWithWhoAndWhy()
    {
        using var story = Story.InMemory().Shipped().Built();
        story.Do(new Command.Freeze(null, "year end")).Do(new Command.Halt(Story.Bank, "double postings"));

        Assert.Equal(
            [
                new("not-frozen", false, "frozen by alice: year end"),
                new("not-halted", false, "halted by alice: double postings"),
            ],
            Judged(story).Where(c => c.Refuses)
        );
    }

    [Fact]
    public void WhereNoPersonIsRegisteredAnotherProfileIsTheOwnersWord()
    {
        using var story = Story.InMemory().Serving().Shipped(Story.Declared with { Profile = "valuation" }).Built();

        Assert.Equal(
            new(
                "profile-unchanged",
                true,
                "valuation, where bank-1 that serves is of consumer-banking; no person is registered here who could "
                    + "approve it"
            ),
            Judged(story).Single(c => c.Control == "profile-unchanged")
        );
    }

    [Fact]
    public async Task ARefusalEndsTheReleaseAndItNeverRuns()
    {
        using var story = Story.InAJournal().Shipped();
        Built(story, new("full", 38, 1, 0, ["Transfers.RoundDown"], Digest, 900));
        var gate = new GateReconciler(story.Journal!, new ProfilePlace(null), story.Clock);

        await gate.ReconcileAsync(CancellationToken.None);
        await gate.ReconcileAsync(CancellationToken.None);

        var release = story.State.Releases[new(1)];
        Assert.Equal(Outcome.Refused, release.Outcome);
        Assert.Equal("full-suite-passed: 1 of 39 cases failed: Transfers.RoundDown", release.OutcomeReason);
        Assert.Single(story.Journal!.Read(0), e => e.Entry.Event is Event.GateDecided);
    }

    [Fact]
    public async Task WhatPassesWaitsForItsTurn()
    {
        using var story = Story.InAJournal().Shipped().Built();

        await new GateReconciler(story.Journal!, new ProfilePlace(null), story.Clock).ReconcileAsync(
            CancellationToken.None
        );

        Assert.Equal(Phase.Waiting, story.Release.Phase);
        Assert.Equal(12, story.Release.Gate.Count(c => c.Standing is null));
        Assert.StartsWith("sha256:", Decided(story).Policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatPassedBesideAVersionThatIsTakenBackIsJudgedBesideTheOneBefore()
    {
        using var story = Story.InAJournal().Serving(Of(new(1, 1, 1))).Guarding(Of(new(2, 1, 2)));
        var guarded = story.Release;
        story.Shipped(Of(new(3, 2, 3))).Built();
        var gate = new GateReconciler(story.Journal!, new ProfilePlace(null), story.Clock);
        await gate.ReconcileAsync(CancellationToken.None);
        Assert.Equal(Phase.Waiting, story.Release.Phase);

        story.Then(new Event.VerdictReached(guarded.Id, guarded.CurrentStep, Verdict.Worse, "3 errors", 9m));
        await gate.ReconcileAsync(CancellationToken.None);

        Assert.Equal(
            "rollback-target: database 3 works with 2 to 3 only, and bank-1 is written for 1: it could not be gone "
                + "back to",
            story.State.Releases[new(3)].OutcomeReason
        );
    }

    [Fact]
    public async Task ADecisionThatTheLogCannotHoldIsToldAndNotForgotten()
    {
        using var story = Story.InAJournal().Shipped();
        var changed = AtTheGate.Commits with
        {
            ChangedConfiguration = [.. Enumerable.Range(10, 20).Select(i => $"{i}{new string('c', 3_173)}")],
        };
        var evidence = Story.Evidence with { Source = changed };
        story.Then(new Event.VersionBuilt(story.Release.Id, new(Digest, 1_024, [], story.Now, evidence)));
        var gate = new GateReconciler(story.Journal!, new ProfilePlace(null), story.Clock);

        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => gate.ReconcileAsync(default));

        Assert.StartsWith("what the gate says of rel-1 cannot be kept: the log takes 65535 bytes", wrong.Message);
        Assert.Equal(Phase.Gating, story.Release.Phase);
    }

    private static Manifest Of(DatabasePlan database) => Story.Declared with { Database = database };

    private static void Built(Story story, SuiteResult full) =>
        story.Then(
            new Event.SuiteFinished(story.Release.Id, new("smoke", 3, 0, 0, [], Digest, 10)),
            new Event.SuiteFinished(story.Release.Id, full),
            new Event.VersionBuilt(story.Release.Id, new(Digest, 1_024, [], story.Now, Story.Evidence))
        );

    private static Event.GateDecided Decided(Story story) =>
        story.Journal!.Read(0).Select(e => e.Entry.Event).OfType<Event.GateDecided>().Single();

    private static IReadOnlyList<ControlResult> Judged(Story story) =>
        Controls.Judge(
            story.State,
            story.Release,
            new ProfilePlace(null).PolicyOf("consumer-banking", story.State, story.Release, story.Now),
            story.Now
        );

    private static ControlResult Refusal(Story story) => Judged(story).Single(c => c.Refuses);
}
