using Mintmark.Gate;
using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Gate.AtTheGate;

namespace Mintmark.Tests.Gate;

/// <summary>
/// Each control passes on what it asks for, and refuses on evidence that says no, is missing, forged, stale or of
/// another artifact.
/// </summary>
public sealed class WhenAControlIsJudged
{
    private static readonly AtTheGate Good = new("voting")
    {
        Said = [Review("rita"), Review("rosa"), Approval("paul"), Approval("petra")],
    };

    private static readonly AtTheGate Scoring = new("credit-scoring");

    private static readonly AtTheGate OfAnotherProfile = Good with
    {
        Enforced = false,
        Serving = (Declared(1), new(Model, 1, [], Noon)),
    };

    private static readonly Dictionary<string, (string Control, AtTheGate Case, string Reason)> OfTests = new()
    {
        ["a smoke case failed"] = ("smoke-suite-passed", Good with { Suites = [Suite("smoke", 2, 1)] }, "1 of 3"),
        ["smoke has no results"] = ("smoke-suite-passed", Good with { Suites = [] }, "no results"),
        ["a case failed"] = (
            "full-suite-passed",
            Good with
            {
                Suites = [Suite("full", 39, 1)],
            },
            "1 of 40 cases failed"
        ),
        ["smoke stands in for full"] = (
            "full-suite-passed",
            Good with
            {
                Suites = [Suite("smoke", 3, 0)],
            },
            "no results"
        ),
        ["nothing ran"] = ("full-suite-passed", Good with { Suites = [Suite("full", 0, 0)] }, "no case"),
        ["no commit"] = ("working-tree-clean", Good with { Commit = new("/srv", "main", "", "a", "b") }, "git objects"),
        ["no artifact"] = ("artifact-stored", Good with { Artifact = null }, "no artifact"),
        ["an odd artifact"] = ("artifact-stored", Good with { Artifact = new("md5:1", 1, [], Noon) }, "no artifact"),
    };

    private static readonly Dictionary<string, (string Control, AtTheGate Case, string Reason)> OfWhatIsInIt = new()
    {
        ["no list"] = ("components-listed", Good with { Evidence = null }, "without a list"),
        ["known weakness"] = ("components-audited", Audited(new("A-1", "pkg:npm/ws@8", 5.3m)), "A-1 (CVSS 5.3)"),
        ["weakness unscored"] = (
            "components-audited",
            Audited(new("A-1", "pkg:npm/ws@8", null)),
            "counts as the worst"
        ),
        ["weakness of an old log"] = ("components-audited", Old(), "A-1 in pkg:npm/ws@8"),
        ["a secret"] = (
            "secrets-absent",
            With(Complete with { Secrets = new(1, 1, 1, ["token in a:1"], [], []) }),
            "a:1"
        ),
        ["no scan"] = ("secrets-absent", With(Complete with { Secrets = null }), "without a scan"),
        ["target without artifact"] = ("rollback-target", Good with { Serving = (Declared(1), null) }, "not kept"),
        ["target cannot work"] = (
            "rollback-target",
            Over(new(13, 13, 13), new(12, 11, 12)),
            "could not be gone back to"
        ),
        ["new one too old"] = ("rollback-target", Over(new(11, 11, 11), new(12, 12, 12)), "could not be gone back to"),
        ["database forgotten"] = ("rollback-target", Over(null, new(12, 11, 12)), "and this version none"),
    };

    private static readonly Dictionary<string, (string Control, AtTheGate Case, string Reason)> OfCommits = new()
    {
        ["no link"] = ("requirements-linked", From(Commits with { Unlinked = [new('f', 40)] }), "without a link: ffff"),
        ["unknown link"] = (
            "requirements-linked",
            From(Commits with { Unknown = ["PAY-9"] }),
            "not in the file: PAY-9"
        ),
        ["links not asked"] = ("requirements-linked", From(Commits with { Unlinked = null }), "does not ask"),
        ["commits unseen"] = ("requirements-linked", With(Complete with { Source = null }), "without a look"),
        ["unverified"] = ("requirements-verified", With(Complete with { Cases = new(1, [], [], ["PAY-1"]) }), "PAY-1"),
        ["no cases kept"] = ("requirements-verified", With(Complete with { Cases = null }), "without a catalogue"),
        ["a case is gone"] = ("cases-present", With(Complete with { Cases = new(1, ["a.B"], [], []) }), "missing: a.B"),
        ["no cases known"] = ("cases-present", With(Complete with { Cases = null }), "without a catalogue"),
        ["author unknown"] = (
            "reviewed-by-another",
            From(Commits with { UnknownAuthors = 1 }),
            "might be their author"
        ),
        ["authors unseen"] = ("reviewed-by-another", From(Commits with { Authors = null }), "cannot be told"),
    };

    private static readonly Dictionary<string, (string Control, AtTheGate Case, string Reason)> OfPolicy = new()
    {
        ["home's token"] = ("requester-known", Good with { Requester = "whoever" }, "home's token"),
        ["unsigned"] = ("commits-signed", From(Commits with { Signature = SignatureState.Unsigned }), "not signed"),
        ["forged signature"] = (
            "commits-signed",
            From(Commits with { Signature = SignatureState.Bad }),
            "does not fit"
        ),
        ["untrusted"] = (
            "commits-signed",
            From(Commits with { Signature = SignatureState.Untrusted }),
            "does not trust"
        ),
        ["signature unseen"] = ("commits-signed", With(Complete with { Source = null }), "without a look"),
        ["built once"] = ("build-reproducible", Good with { Manifest = Watch.Story.Declared }, "built once"),
        ["no advisories"] = ("advisories-named", With(Complete with { Audit = null }), "nobody has named"),
        ["past support"] = ("components-supported", With(Complete with { Support = new("t", ["Node 18"]) }), "Node 18"),
        ["support unseen"] = ("components-supported", With(Complete with { Support = null }), "without a look"),
        ["changes unseen"] = (
            "configuration-reviewed",
            From(Commits with { ChangedConfiguration = null }),
            "without a look"
        ),
        ["stale"] = ("evidence-fresh", Good with { After = TimeSpan.FromDays(3.1) }, "longer than 3d ago"),
        ["of the future"] = (
            "evidence-fresh",
            Good with
            {
                Artifact = new(Digest, 1, [], Noon.AddDays(1)),
            },
            "yet to come"
        ),
    };

    private static readonly Dictionary<string, (string Control, AtTheGate Case, string Reason)> OfModels = new()
    {
        ["report missing"] = ("model-validated", Validated(null), "without a look"),
        ["report not declared"] = ("model-validated", Scoring with { Manifest = Watch.Story.Declared }, "names no"),
        ["another model"] = ("model-validated", Validated(Report with { FoundDigest = Digest }), "about another"),
        ["no model"] = ("model-validated", Validated(Report with { FoundDigest = null }), "has no model.onnx"),
        ["stale report"] = ("model-validated", Validated(Report with { Date = new(2024, 1, 1) }), "longer than 365d"),
        ["report of the future"] = (
            "model-validated",
            Validated(Report with { Date = new(2027, 1, 1) }),
            "yet to come"
        ),
        ["no metrics"] = ("model-validated", Validated(Report with { Metrics = 0 }), "no metrics"),
        ["no reason"] = ("model-validated", Validated(Report with { WithoutReason = ["declined"] }), "declined"),
        ["by its author"] = ("model-validated", Validated(Report with { Validator = new("anna") }), "wrote some of it"),
        ["by its requester"] = ("model-validated", Validated(Report with { Validator = new("erin") }), "asked for"),
        ["by a stranger"] = ("model-validated", Validated(Report with { Validator = new("zoe") }), "no person here"),
    };

    private static readonly Dictionary<string, (string Control, AtTheGate Case, string Reason)> Refused = new([
        .. OfTests,
        .. OfWhatIsInIt,
        .. OfCommits,
        .. OfPolicy,
        .. OfModels,
    ]);

    private static readonly Dictionary<string, (string Control, AtTheGate Case, string Reason)> Awaited = new()
    {
        ["no review"] = ("reviewed-by-another", Good with { Said = [] }, "0 of 2 reviews"),
        ["one of two reviews"] = ("reviewed-by-another", Good with { Said = [Review("rita")] }, "1 of 2 reviews"),
        ["the author's review"] = (
            "reviewed-by-another",
            Good with
            {
                Said = [Review("anna"), Review("rita")],
            },
            "1 of 2"
        ),
        ["twice the same"] = ("reviewed-by-another", Good with { Said = [Review("rita"), Review("rita")] }, "1 of 2"),
        ["of another commit"] = ("reviewed-by-another", Good with { Said = [Review("rita", 'd')] }, "0 of 2"),
        ["no approval"] = ("approved-by-another", Good with { Said = [] }, "0 of 2 approvals"),
        ["of another artifact"] = (
            "approved-by-another",
            Good with
            {
                Said = [Approval("paul", Model)],
            },
            "another artifact"
        ),
        ["by an engineer"] = ("approved-by-another", Good with { Said = [Approval("rita")] }, "rita is no approver"),
        ["his own"] = ("approved-by-another", new AtTheGate("valuation") { Requester = "paul" }, "approves his own"),
        ["configuration"] = ("configuration-reviewed", Good with { Said = [] }, "mint.yaml changed, and nobody"),
        ["much configuration"] = (
            "configuration-reviewed",
            From(Commits with { ChangedConfiguration = [.. Enumerable.Range(1, 25).Select(i => $"{i}.json")] }) with
            {
                Said = [],
            },
            "19.json, 20.json and 5 more changed, and nobody"
        ),
        ["another profile"] = (
            "profile-unchanged",
            OfAnotherProfile with
            {
                Said = [],
            },
            "voting, where bank-1 that serves is of consumer-banking: 0 of 1 approvals"
        ),
        ["another profile, by who asks"] = (
            "profile-unchanged",
            OfAnotherProfile with
            {
                Requester = "paul",
                Said = [Approval("paul")],
            },
            "paul asked for rel-2, and nobody approves his own"
        ),
        ["consent"] = ("emergency-consented", Good with { Emergency = true, Said = [] }, "0 of 1 consents"),
    };

    public static TheoryData<string> RefusedCases => [.. Refused.Keys];

    public static TheoryData<string> AwaitedCases => [.. Awaited.Keys];

    public static TheoryData<string, string> PassedCases =>
        new(
            from profile in Profiles.All
            from demand in Mintmark
                .Gate.Profile.Shipped[profile]
                .Demands.Select(d => d.Control)
                .Concat(Catalogue.Shipped.Floor)
                .DistinctBy(c => c.Id)
            where demand.When != When.Nobody && demand.Id != "emergency-consented"
            select (profile, demand.Id)
        );

    [Theory]
    [MemberData(nameof(PassedCases))]
    public void ItPassesOnWhatItAsksFor(string profile, string control)
    {
        var result = (Good with { Profile = profile }).Of(control);

        Assert.True(result.Passed, result.Reason);
        Assert.Equal(Catalogue.Shipped.Controls[control].When == When.Later ? Standing.Later : null, result.Standing);
    }

    [Theory]
    [MemberData(nameof(RefusedCases))]
    public void ItRefusesOtherwise(string name)
    {
        var (control, at, reason) = Refused[name];

        var result = at.Of(control);

        Assert.True(result.Refuses, result.Reason);
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AwaitedCases))]
    public void PeopleAreAwaitedWhileTheyCanSatisfyIt(string name)
    {
        var (control, at, reason) = Awaited[name];

        var result = at.Of(control);

        Assert.Equal((false, Standing.Awaited), (result.Passed, result.Standing));
        Assert.Contains(reason, result.Reason, StringComparison.Ordinal);
        Assert.StartsWith("mint ", result.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryControlThatCanRefuseIsSeenToDoSo()
    {
        var held = new[] { "not-frozen", "not-halted", "emergency-reviewed" };

        Assert.Equal(
            Catalogue.Shipped.Controls.Values.Where(c => c.When is When.Gate or When.People).Select(c => c.Id).Order(),
            Refused.Values.Concat(Awaited.Values).Select(c => c.Control).Concat(held).Distinct().Order()
        );
    }

    [Fact]
    public void WhatNobodyCanCheckNeverPasses()
    {
        var results = Good.Judge().Where(r => Catalogue.Shipped.Controls[r.Control].When == When.Nobody).ToList();

        Assert.Equal(["ui-consistent", "ballot-secrecy-proved", "tally-verifiable"], results.Select(r => r.Control));
        Assert.All(results, r => Assert.True(r is { Refuses: true, Standing: Standing.NotCovered }));
    }

    [Fact]
    public void WhatAServiceDoesNotEnforceIsReportedAndRefusesNothing()
    {
        var results = (Good with { Enforced = false, Said = [], Requester = "whoever" }).Judge();

        Assert.DoesNotContain(results, r => r.Refuses || r.Standing == Standing.Awaited);
        Assert.All(results, r => Assert.Equal(!Catalogue.Shipped.Controls[r.Control].Floor, r.Standing != null));
    }

    [Fact]
    public void TheFloorHoldsThoughNothingIsEnforced()
    {
        var results = (Good with { Enforced = false, Evidence = null, Suites = [], Artifact = null }).Judge();

        Assert.Equal(
            ["smoke-suite-passed", "full-suite-passed", "artifact-stored", "components-listed", "secrets-absent"],
            results.Where(r => r.Refuses).Select(r => r.Control)
        );
    }

    [Fact]
    public void AnotherProfileIsApprovedBySomebodyElse() =>
        Assert.Equal(
            $"voting, where bank-1 that serves is of consumer-banking: {Digest} was approved by paul, petra",
            OfAnotherProfile.Of("profile-unchanged") is { Passed: true, Reason: var reason } ? reason : null
        );

    [Fact]
    public void WhereNobodyIsLeftWhoCouldApproveItIsRefusedAndNotAwaited()
    {
        var result = (Good with { Requester = "paul", Said = [] }).Of("approved-by-another");

        Assert.True(result.Refuses);
        Assert.Contains("nobody who could give them", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmergencyIsHeldToAShorterListAndToASecondPerson()
    {
        var results = (Good with { Emergency = true, Enforced = false, Said = [Approval("dora")] }).Judge();

        Assert.DoesNotContain(results, r => r.Control is "reviewed-by-another" or "approved-by-another");
        Assert.True(results.Single(r => r.Control == "emergency-consented").Passed);
        Assert.Equal(Standing.Later, results.Single(r => r.Control == "instances-on-one-digest").Standing);
        Assert.DoesNotContain(results, r => r.Refuses);
    }

    [Fact]
    public void ASeverityLetsLesserWeaknessesPass()
    {
        var trading = Audited(new("A-1", "pkg:npm/ws@8", 3.9m)) with { Profile = "automated-trading" };

        Assert.True(trading.Of("components-audited").Passed);
        Assert.True((trading with { Profile = "voting" }).Of("components-audited").Refuses);
    }

    private static AtTheGate With(BuildEvidence evidence) => Good with { Evidence = evidence };

    private static AtTheGate From(SourceSummary source) => With(Complete with { Source = source });

    private static AtTheGate Audited(AuditFinding finding) =>
        With(Complete with { Audit = new("sha256:5", 9, 1, [$"{finding.Id} in {finding.Package}"], [], [finding]) });

    private static AtTheGate Old() =>
        With(Complete with { Audit = new("sha256:5", 9, 1, ["A-1 in pkg:npm/ws@8"], []) });

    private static AtTheGate Validated(ValidationSummary? report) =>
        Scoring with
        {
            Evidence = Complete with { Validation = report },
        };

    private static AtTheGate Over(DatabasePlan? now, DatabasePlan? serving) =>
        Good with
        {
            Manifest = Good.Manifest with { Database = now },
            Serving = (Watch.Story.Declared with { Database = serving }, new(Model, 1, [], Noon)),
        };

    private static Manifest Declared(int database) =>
        Watch.Story.Declared with
        {
            Database = new(database, database, database),
        };

    private static SuiteResult Suite(string name, int passed, int failed) =>
        new(name, passed, failed, 0, [.. Enumerable.Repeat("a.B", failed)], Digest, 10);
}
