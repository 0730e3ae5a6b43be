using Mintmark.Gate;
using Mintmark.Releases;

namespace Mintmark.Tests.Gate;

/// <summary>
/// A version that meets every control, with all of them enforced, and whatever a test makes worse of it. Anna wrote it,
/// Erin asks for it, Paul and Petra may approve, Rita reviews.
/// </summary>
internal sealed record AtTheGate(string Profile)
{
    public const string Digest = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    public const string Model = "sha256:1111111111111111111111111111111111111111111111111111111111111111";

    public static readonly DateTimeOffset Noon = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    public static readonly ServiceName Bank = new("bank");
    public static readonly Actor Operator = new("somebody");

    public static readonly ValidationSummary Report = new(
        "model/report.json",
        Digest,
        "model.onnx",
        Model,
        Model,
        new("rita"),
        new(2026, 1, 31),
        4,
        7,
        []
    );

    public static readonly SourceSummary Commits = new(
        SignatureState.Good,
        2,
        ["PAY-1"],
        [],
        [],
        [new("anna")],
        0,
        ["mint.yaml"]
    );

    public static readonly BuildEvidence Complete = new(
        [],
        12,
        [],
        Source: Commits,
        Audit: new("sha256:5", 1_200, 0, [], [], []),
        Cases: new(40, [], [], []),
        Support: new("sha256:6", []),
        Secrets: new(12, 1_024, 0, [], [], []),
        Validation: Report
    );

    public BuildEvidence? Evidence { get; init; } = Complete;

    public Artifact? Artifact { get; init; } = new(Digest, 1_024, [], Noon);

    public Manifest Manifest { get; init; } =
        Watch.Story.Declared with
        {
            Build = new("make", 60, Reproducible: true),
            Validation = new("model/report.json"),
        };

    public IReadOnlyList<SuiteResult> Suites { get; init; } =
    [new("smoke", 3, 0, 0, [], Digest, 10), new("full", 40, 0, 2, [], Digest, 900)];

    public string Requester { get; init; } = "erin";

    public bool Emergency { get; init; }

    /// <summary>What was said before the gate decides, and by whom.</summary>
    public IReadOnlyList<(string By, Event What)> Said { get; init; } = Usual;

    public Source Commit { get; init; } = Of('c');

    /// <summary>What serves; null for nothing.</summary>
    public (Manifest Manifest, Artifact? Artifact)? Serving { get; init; }

    public bool Enforced { get; init; } = true;

    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(5);

    public Overlay? Overlay { get; init; }

    public static IReadOnlyList<(string, Event)> Usual => [Review("rita"), Approval("paul")];

    public DateTimeOffset Now => Noon + After;

    public static (string, Event) Review(string by, char commit = 'c') =>
        (by, new Event.CommitReviewed(Bank, new string(commit, 40), "read it"));

    public static (string, Event) Approval(string by, string digest = Digest) =>
        (by, new Event.ReleaseApproved(default, digest, "fine"));

    public ControlResult Of(string control) => Judge().Single(c => c.Control == control);

    public IReadOnlyList<ControlResult> Judge()
    {
        var (state, release) = Folded();
        var policy = Policy.Of(Mintmark.Gate.Profile.Shipped[Profile], Overlay, state, release, Now);
        return Controls.Judge(state, release, release.Emergency ? policy.ForEmergency() : policy, Now);
    }

    public (State State, Release Release) Folded()
    {
        var state = Registered();
        if (Serving is var (manifest, artifact))
            state = Served(state, manifest, artifact);
        var release = state.NextRelease();
        var mark = new Mark(Bank, release.Number);
        var declared = Manifest with { Profile = Profile };
        state = Then(state, Requester, new Event.ShipRequested(release, mark, Commit, declared, "why", Emergency));
        if (Enforced)
            state = Then(state, "paul", new Event.ControlsEnforced(Bank, [.. Catalogue.Shipped.Controls.Keys], "now"));
        foreach (var suite in Suites)
            state = Then(state, "mintmark/build", new Event.SuiteFinished(release, suite));
        if (Artifact is not null)
            state = Then(
                state,
                "mintmark/build",
                new Event.VersionBuilt(release, Artifact with { Evidence = Evidence })
            );
        foreach (var (by, what) in Said)
            state = Then(
                state,
                by,
                what is Event.ReleaseApproved approved ? approved with { Release = release } : what
            );
        return (state, state.Releases[release]);
    }

    private static State Registered()
    {
        (string, Role)[] persons =
        [
            ("anna", Role.Engineer),
            ("erin", Role.Engineer),
            ("rita", Role.Engineer),
            ("rosa", Role.Engineer),
            ("paul", Role.Approver),
            ("petra", Role.Approver),
            ("dora", Role.DutyOfficer),
        ];
        return persons.Aggregate(
            State.Empty,
            (state, p) =>
                Fold.Apply(
                    state,
                    new Entry(
                        Noon.AddDays(-30),
                        Operator,
                        new Event.PersonAdded(new(p.Item1), [p.Item2], Digest, [], "works here")
                    )
                )
        );
    }

    private static State Served(State state, Manifest manifest, Artifact? artifact)
    {
        var (release, mark) = (state.NextRelease(), new Mark(Bank, 1));
        state = Then(state, "erin", new Event.ShipRequested(release, mark, Of('b'), manifest, "why"));
        if (artifact is not null)
            state = Then(state, "mintmark/build", new Event.VersionBuilt(release, artifact));
        return Then(Then(state, "mintmark/ship", new Event.Promoted(release)), "x", new Event.GuardEnded(release));
    }

    private static State Then(State state, string by, Event what) => Fold.Apply(state, new Entry(Noon, new(by), what));

    private static Source Of(char commit) =>
        new("/srv/bank", new string(commit, 40), new string('e', 40), "anna", "a change");
}
