using Mintmark.Gate;
using Mintmark.Releases;
using Mintmark.Yaml;
using Xunit;

namespace Mintmark.Tests.Gate;

public sealed class WhenATeamLaysSomethingOverAProfile : IDisposable
{
    private const string Relaxed = """
        profile: voting
        relax:
          - control: approved-by-another
            set: { approvers: 1 }
            by: paul
            reason: petra is ill
            until: 2026-03-20
          - { control: commits-signed, by: paul, reason: keys are being handed out, until: 2026-03-20 }
        """;

    private readonly string folder = Directory.CreateTempSubdirectory("mintmark-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void StricterValuesAndMoreControlsAreTaken()
    {
        var overlay = Read(
            """
            profile: valuation
            controls:
              approved-by-another: { approvers: 2 }
              evidence-fresh: { age: 12h }
              components-audited: { severity: 4.0 }
              kill-rehearsed: {}
            """,
            "valuation"
        );

        var policy = Of("valuation", overlay);

        Assert.Equal(2, policy.Demands.Single(d => d.Control.Id == "approved-by-another").Set["approvers"]);
        Assert.Equal("age 12h", policy.Demands.Single(d => d.Control.Id == "evidence-fresh").Text());
        Assert.Equal("severity 4", policy.Demands.Single(d => d.Control.Id == "components-audited").Text());
        Assert.Contains(policy.Demands, d => d.Control.Id == "kill-rehearsed");
        Assert.NotEqual(Of("valuation", null).Digest(), policy.Digest());
    }

    [Theory]
    [InlineData(
        "profile: voting\ncontrols:\n  approved-by-another: { approvers: 1 }",
        "voting.yaml:3:37: controls.approved-by-another.approvers: 1 is looser than 2 of the profile; accepted: "
            + "stricter values, or an entry under relax with by, reason and until"
    )]
    [InlineData(
        "profile: voting\ncontrols:\n  components-audited: { severity: 5.0 }",
        "voting.yaml:3:35: controls.components-audited.severity: 5 is looser than 0 of the profile; accepted: "
            + "stricter values, or an entry under relax with by, reason and until"
    )]
    [InlineData(
        "profile: voting\ncontrols:\n  commit-signed: {}",
        "voting.yaml:3:3: controls.commit-signed: there is no control 'commit-signed'; did you mean commits-signed? "
            + "'mint controls' lists all"
    )]
    [InlineData(
        "profile: voting\nrelax:\n  - control: commits-signed\n    reason: later",
        "voting.yaml:3:5: relax[0].by: missing; accepted: 1 to 60 characters of a-z, 0-9, '.', '_' and '-' (such as "
            + "alice)"
    )]
    [InlineData(
        "profile: voting\ncontrols:\n  commits-signed: { keys: 2 }",
        "voting.yaml:3:21: controls.commits-signed.keys: commits-signed has no parameters; accepted: {}"
    )]
    [InlineData(
        "profile: voting\nrelaxes: []",
        "voting.yaml:2:1: relaxes: unknown key 'relaxes'; did you mean relax? "
            + "accepted: profile, controls, relax, freezes"
    )]
    [InlineData(
        "profile: [",
        "voting.yaml:2:1: this is no YAML: While parsing a node, did not find expected node content."
    )]
    public void WhatIsLooserOrMisspeltIsRefusedWithItsPlace(string yaml, string first)
    {
        var wrong = Assert.Throws<DeclaredException>(() => Read(yaml, "voting"));

        Assert.Equal(first, $"{wrong.Problems[0]}");
    }

    [Fact]
    public void TheFloorIsNeverLeftOut()
    {
        const string yaml = """
            profile: voting
            relax: [{ control: components-audited, by: paul, reason: it is in the way, until: 2026-03-20 }]
            """;

        var wrong = Assert.Throws<DeclaredException>(() => Read(yaml, "voting"));

        Assert.Contains("never left out", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ARelaxationHoldsByAnApproversWordAndForAWhile()
    {
        var at = new AtTheGate("voting")
        {
            Overlay = Read(Relaxed, "voting"),
            Said = [AtTheGate.Review("rita"), AtTheGate.Review("rosa"), AtTheGate.Approval("petra")],
        };

        Assert.True(at.Of("approved-by-another").Passed);
        Assert.EndsWith(
            "[approvers 1 by paul until 2026-03-20]",
            at.Of("approved-by-another").Reason,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(at.Judge(), r => r.Control == "commits-signed");
    }

    [Theory]
    [InlineData("by: paul", "by: rita", "2026-03-20", "rita is no approver")]
    [InlineData("by: paul", "by: zoe", "2026-03-20", "zoe is no person here")]
    [InlineData("by: paul", "by: paul", "2026-03-02", "it ended on 2026-03-02")]
    [InlineData("by: paul", "by: paul", "2026-09-01", "more than 90 days ahead")]
    public void OneThatNobodyMayGiveOrThatHasEndedDoesNotCount(string from, string to, string until, string why)
    {
        var yaml = Relaxed
            .Replace(from, to, StringComparison.Ordinal)
            .Replace("2026-03-20", until, StringComparison.Ordinal);
        var (state, release) = new AtTheGate("voting").Folded();

        var policy = Policy.Of(Profile.Shipped["voting"], Read(yaml, "voting"), state, release, AtTheGate.Noon);

        Assert.Equal(Of("voting", null).Digest(), policy.Digest());
        Assert.All(policy.Uncounted, u => Assert.Contains(why, u, StringComparison.Ordinal));
        Assert.Equal(2, policy.Uncounted.Count);
    }

    [Fact]
    public void WhoRelaxedSomethingCannotShipByIt()
    {
        var at = new AtTheGate("voting") { Overlay = Read(Relaxed, "voting"), Requester = "paul" };

        Assert.False(at.Of("approved-by-another").Passed);
        Assert.Contains(at.Judge(), r => r.Control == "commits-signed");
    }

    [Fact]
    public void ADamagedFileStopsItsProfileAndIsReadAgainWhenMended()
    {
        var place = new ProfilePlace(folder);
        var file = Path.Combine(folder, "voting.yaml");
        File.WriteAllText(file, "profile: voting\ncontrols: { nothing: {} }");

        Assert.Throws<DeclaredException>(() => PolicyOf(place, "voting"));
        Assert.Throws<DeclaredException>(() => PolicyOf(place, "voting"));
        Assert.NotNull(PolicyOf(place, "valuation"));

        File.WriteAllText(file, "profile: voting\ncontrols: {}");
        Assert.NotNull(PolicyOf(place, "voting"));
    }

    [Fact]
    public async Task WhileItIsDamagedNothingIsDecided()
    {
        File.WriteAllText(Path.Combine(folder, "consumer-banking.yaml"), "profile: [");
        using var story = Watch.Story.InAJournal().Shipped().Built();
        var gate = new GateReconciler(story.Journal!, new ProfilePlace(folder), story.Clock);

        var wrong = await Assert.ThrowsAsync<DeclaredException>(() => gate.ReconcileAsync(CancellationToken.None));

        Assert.StartsWith("consumer-banking.yaml:2:1: this is no YAML", wrong.Message, StringComparison.Ordinal);
        Assert.Equal(Phase.Gating, story.Release.Phase);
        File.Delete(Path.Combine(folder, "consumer-banking.yaml"));
        await gate.ReconcileAsync(CancellationToken.None);
        Assert.Equal(Phase.Waiting, story.Release.Phase);
    }

    private static Overlay Read(string yaml, string profile) =>
        ProfileReader.Overlay(yaml, $"{profile}.yaml", Profile.Shipped[profile], Catalogue.Shipped);

    private static Policy Of(string profile, Overlay? overlay) =>
        Policy.Of(Profile.Shipped[profile], overlay, State.Empty, null, AtTheGate.Noon);

    private static Policy PolicyOf(ProfilePlace place, string profile) =>
        place.PolicyOf(profile, State.Empty, null, AtTheGate.Noon);
}
