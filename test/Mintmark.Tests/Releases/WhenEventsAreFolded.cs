using System.Text;
using System.Text.Json.Serialization;
using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

public sealed class WhenEventsAreFolded
{
    private static readonly Event[] Everything =
    [
        new Event.ControlPlaneStarted("0.1.0"),
        .. InService(2),
        Refusal,
        new Event.LogKeyRotated("handover", Why),
        new Event.AuthorErased([Mark(1), Mark(2)], Why),
        new Event.ComponentsAudited(Mark(2), new("sha256:5", 1_200, 1, ["A-1 in pkg:npm/ws@8.0.0"], ["A-2"])),
        new Event.AdvisoriesFetched(["https://mirror.example/npm/all.zip"], "sha256:5", 1_200),
        new Event.CaseRetired(Name, "Ledger.Sums(\"é\")", Why),
        .. Starting(3, 2),
        .. Healthy(3, 3),
        new Event.InvariantsReported(Instance(3), null, [new("postings sum to zero", null)]),
        new Event.ShadowReported(
            Release(3),
            "gateway/1",
            new(9, 7, 1, 1, ByName.Of<long>(("2xx", 8), ("none", 1)), 12_000, 11_000, 3)
        ),
        Step(3, 0) with
        {
            Thresholds = ByName.Of<long>(("slow-p99", 125_000)),
            PastRates = ByName.Of<decimal>(("errors", 0.001m)),
        },
        Outcomes(3, 0, "gateway/1", 17),
        Judged(3, 0, Verdict.NotEnoughEvidence),
        new Event.StepAdvanced(Release(3), 0, Why),
        Judged(3, 0, Verdict.Worse),
        RolledBack(3),
        new Event.InstanceStopping(Instance(3), "rolled back"),
        new Event.InstanceExited(Instance(3), null, "adopted: its status is not ours to learn"),
        ShipRequested(4),
        new Event.BuildFailed(Release(4), BuildStage.Build, "exit status 2"),
        ReturnRequested(5, to: 1),
        .. People(6),
        new Event.Halted(Name, "“odd” balances \u0007\\ é 😀"),
        new Event.Frozen(null, Why),
        new Event.Resumed(Name, Why),
        new Event.Thawed(null, Why),
    ];

    /// <summary>What persons say until a release is let through; all by Alice, as only the fold is asked.</summary>
    private static IEnumerable<Event> People(int n) =>
        [
            new Event.PersonAdded(new("alice"), [Role.Engineer, Role.Approver], "sha256:t", ["a1"], Why),
            new Event.PersonAdded(new("bob"), [Role.DutyOfficer], "sha256:u", [], Why),
            new Event.PersonChanged(new("alice"), [Role.Engineer], "sha256:v", ["a1", "a2"], Why),
            new Event.PersonChanged(new("alice"), null, null, null, Why),
            new Event.PersonRemoved(new("bob"), Why),
            new Event.ControlsEnforced(Name, ["approved", "reviewed"], Why),
            new Event.ControlsObserved(Name, ["approved"], Story.Noon.AddDays(1), Why),
            new Event.ControlsObserved(Name, ["reviewed"], null, Why),
            new Event.CommitReviewed(Name, Commit.Commit, Why),
            new Event.RolledBack(Release(n - 1), Why),
            ShipRequested(n, mark: 5) with
            {
                Emergency = true,
            },
            new Event.VersionBuilt(Release(n), new Artifact("sha256:6", 1, [], Story.Noon)),
            new Event.GateWaits(Release(n), [Passed, Asked], "sha256:p"),
            new Event.ReleaseApproved(Release(n), "sha256:6", Why),
            new Event.GateDecided(Release(n), [Passed, ToRehearse], "sha256:p"),
            new Event.ReleaseAdmitted(Release(n), Mark(2)),
            new Event.RehearsalBegun(Release(n)),
            new Event.RehearsalLifted(Release(n), 12),
            new Event.KillRehearsed(Release(n), true, "200, 503, 200", 12),
            new Event.EmergencyReviewed(Release(n), Why),
            RolledBack(n),
            ShipRequested(n + 1, mark: 6),
            new Event.VersionBuilt(Release(n + 1), new Artifact("sha256:7", 1, [], Story.Noon)),
            new Event.ReleaseDeclined(Release(n + 1), "sha256:7", Why),
        ];

    private static IEnumerable<Type> Kinds => typeof(Event).GetNestedTypes().Where(t => IsEvent(t) && !t.IsAbstract);

    private static bool IsEvent(Type type) => type.IsSubclassOf(typeof(Event));

    [Fact]
    public void NoKindOfEventIsMissingHere() =>
        Assert.Equal(Kinds.Select(t => t.Name).Order(), Everything.Select(e => e.GetType().Name).Distinct().Order());

    [Fact]
    public void EveryKindPassesThroughTheFold() => Assert.Equal(Everything.Length, Story.Given(Everything).Size);

    [Fact]
    public void EveryKindHasANameForEverWithANumber()
    {
        var named = typeof(Event).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false);
        var names = named.Cast<JsonDerivedTypeAttribute>().ToDictionary(n => n.DerivedType, n => n.TypeDiscriminator);

        Assert.Equal([.. Kinds, .. typeof(Event.Old).GetNestedTypes().Where(IsEvent)], names.Keys.ToHashSet());
        Assert.All(names.Values, name => Assert.Matches(@"^[a-z-]+\.[1-9]\d*$", (string)name!));
        Assert.Equal(names.Count, names.Values.Distinct().Count());
    }

    [Fact]
    public void EveryKindIsReadAsItWasWrittenToTheByte()
    {
        foreach (var what in Everything)
        {
            var written = EntryCodec.Encode(new Entry(Story.Noon, Story.Alice, what));

            Assert.Equal(CanonicalJson.Canonicalize(written), written);
            Assert.Equal(written, EntryCodec.Encode(EntryCodec.Decode(0, written)));
        }
    }

    [Fact]
    public void WhatWasReadFoldsToTheSameState()
    {
        var read = Everything.Select(e =>
            EntryCodec.Decode(0, EntryCodec.Encode(new Entry(Story.Noon, Story.Alice, e))).Event
        );

        Assert.Equal(EntryCodec.Digest(Story.Given(Everything)), EntryCodec.Digest(Story.Given(read)));
    }

    [Fact]
    public void AnEntryReadsLikeThis() =>
        Assert.Equal(
            """{"at":"2026-01-02T12:00:00.000Z","by":"alice","event":{"$type":"step-taken.2","pastRates":{},"""
                + "\"release\":\"rel-2\",\"share\":500,\"step\":0,\"thresholds\":{}}}",
            Encoding.UTF8.GetString(EntryCodec.Encode(new Entry(Story.Noon, Story.Alice, Step(2, 0))))
        );

    [Theory]
    [InlineData("""{"at":"2026-01-02T12:00:00.000Z","by":"alice","event":{"$type":"exploded.1"}}""")]
    [InlineData("""{"at":"2026-01-02T12:00:00.000Z","by":"alice","event":{"$type":"promoted.1","release":"rel-0"}}""")]
    [InlineData("""{"at":"2026-01-02T12:00:00.000Z","by":"alice","event":null}""")]
    [InlineData("""{"at":"2026-01-02T12:00:00.000Z","by":"alice","event":{"$type":"promoted.1"},"more":1}""")]
    [InlineData("[]")]
    [InlineData("")]
    public void WhatIsNoEntryIsNamedByItsIndex(string body) =>
        Assert.Equal(
            7,
            Assert.Throws<LogCorruptException>(() => EntryCodec.Decode(7, Encoding.UTF8.GetBytes(body))).Index
        );

    [Fact]
    public void WhatDoesNotFollowIsNamedByItsIndex()
    {
        var stray = EntryCodec.Encode(new Entry(Story.Noon, Story.Alice, Promoted(1)));

        var refusal = Assert.Throws<LogCorruptException>(() =>
            Replay.Fold(State.Empty, [new StoredEntry(3, stray, Merkle.LeafHash(stray))])
        );
        Assert.Equal(3, refusal.Index);
    }
}
