using System.Text;
using Mintmark.Journal;
using Mintmark.Releases;
using Xunit;
using static Mintmark.Tests.Releases.Bank;

namespace Mintmark.Tests.Releases;

/// <summary>Two readers of one form: where the quick one has an answer, it is that of the general one.</summary>
public sealed class WhenAFrequentEntryIsRead
{
    private const string Head = """{"at":"2026-01-02T12:00:00.000Z","by":"alice","event":{"$type":""";

    private static readonly ArmTally Counts = new(
        (1L << 53) - 1,
        Units: 7,
        Errors: 3,
        ByName.Of<long>(("errors", 2), ("slow-p99.9", 1), ("signal.declined", 4)),
        ByName.Of<decimal>(("EUR", 125.5m), ("BTC", 0.00000001m))
    );

    private static readonly Event[] Frequent =
    [
        Outcomes(3, 2, "gateway/1", 17) with
        {
            Baseline = Counts,
            Candidate = Counts with { Probes = 5, ProbesFailed = 2 },
        },
        new Event.InvariantsReported(Instance(3), null, []),
        new Event.InvariantsReported(Instance(3), 2, [new("kept", null), new("sums", "by 1")]),
        new Event.BuildStageEntered(Release(1), BuildStage.Pack),
        new Event.ReleaseAdmitted(Release(int.MaxValue), null),
        new Event.ReleaseAdmitted(Release(1), Mark(3)),
        new Event.InstancePlanned(Instance(4), Mark(3), 20_001),
        new Event.InstanceStarted(Instance(4), 17, (1L << 53) - 1),
        new Event.InstanceStarted(Instance(4), 17, 3, "sha256:a"),
        new Event.InstanceHealthChanged(Instance(4), false, "answers 503"),
        new Event.InstanceHealthChanged(Instance(4), true, ""),
        new Event.InstanceStopping(Instance(4), ""),
        new Event.InstanceExited(Instance(4), null, new string('x', 200)),
        new Event.InstanceExited(Instance(4), 137, Why),
        ShipRequested(1),
        ShipRequested(1) with
        {
            Emergency = true,
        },
        new Event.SuiteFinished(Release(1), new("smoke", 9, 0, 1, [], "sha256:s", 900)),
        new Event.SuiteFinished(Release(1), new("full", 7, 2, 0, ["Ledger.Sums", "Ledger.Keeps"], "sha256:f", 9_000)),
        new Event.VersionBuilt(Release(1), new("sha256:a", 1_000, [], Story.Noon)),
        new Event.VersionBuilt(Release(1), new("sha256:a", 1, [new("git", "2.39"), new("dotnet", "10.0")], Story.Noon)),
        new Event.VersionBuilt(Release(1), new("sha256:a", 1, [], Story.Noon, new([], 0, []))),
        new Event.VersionBuilt(
            Release(1),
            new(
                "sha256:a",
                1,
                [],
                Story.Noon,
                new(
                    [new("sbom", "sha256:b", 9), new("provenance", "sha256:c", 10)],
                    41,
                    ["cargo: not read here"],
                    "c2lnbmVy",
                    new(
                        SignatureState.Untrusted,
                        3,
                        ["PAY-1", "PAY-2"],
                        ["PAY-2"],
                        [],
                        ChangedConfiguration: ["mint.yaml"]
                    )
                )
            )
        ),
        new Event.VersionBuilt(
            Release(1),
            new("sha256:a", 1, [], Story.Noon, new([], 0, [], null, new(SignatureState.Good, 1, [], [], null)))
        ),
        new Event.VersionBuilt(
            Release(1),
            new(
                "sha256:a",
                1,
                [new("node", "24.0", "sha256:d")],
                Story.Noon,
                new(
                    [],
                    0,
                    [],
                    Audit: new("sha256:s", 12, 1, ["A-1 in pkg:npm/a@1"], ["A-2"]),
                    Cases: new(3, ["a.B"], [], ["PAY-1", "PAY-2"]),
                    Support: new("sha256:t", ["Node.js 18 since 2025-04-30"]),
                    Secrets: new(12, 3_000_000_000, 1, ["private-key in key.pem:1"], ["a.txt: an example"], ["big.bin"])
                )
            )
        ),
        new Event.ComponentsAudited(
            Mark(3),
            new(
                "sha256:s",
                12,
                2,
                ["A-1 in pkg:npm/a@1"],
                [],
                [new("A-1", "pkg:npm/a@1", null), new("A-3", "pkg:npm/a@1", 9.8m, Story.Noon)]
            )
        ),
        new Event.ComponentsAudited(Mark(3), new("sha256:s", 0, 0, [], ["A-2"], [])),
        new Event.GateDecided(Release(1), [new("not-frozen", true, "no freeze"), new("not-halted", false, Why)]),
        new Event.VersionBuilt(
            Release(1),
            new(
                "sha256:a",
                1,
                [],
                Story.Noon,
                new([], 0, [], null, new(SignatureState.Good, 1, [], [], [], [new("alice"), new("b.ob")], 3))
            )
        ),
        new Event.VersionBuilt(
            Release(1),
            new("sha256:a", 1, [], Story.Noon, new([], 0, [], null, new(SignatureState.Good, 1, [], [], null, [], 0)))
        ),
        new Event.GateDecided(Release(1), [Passed, Asked, ToRehearse], "sha256:p"),
        new Event.GateDecided(
            Release(1),
            [new("a", false, Why, Standing.NotCovered), new("b", false, Why, Standing.Observed, "do it")]
        ),
        new Event.GateWaits(Release(1), [Passed, Asked], "sha256:p"),
        new Event.GateWaits(Release(1), []),
        new Event.ReleaseApproved(Release(1), "sha256:a", Why),
        new Event.CommitReviewed(Name, Commit.Commit, Why),
        new Event.RehearsalBegun(Release(1)),
        new Event.RehearsalLifted(Release(1), 12),
        new Event.KillRehearsed(Release(1), false, "still answered 200 after 5 s", 0),
        new Event.StepTaken(Release(1), 0, new(500), ByName<long>.Empty, ByName<decimal>.Empty),
        new Event.StepTaken(
            Release(1),
            3,
            new(Share.Whole),
            ByName.Of<long>(("slow-p50", 4_000), ("slow-p99", 9_000)),
            ByName.Of<decimal>(("errors", 0.001m))
        ),
        new Event.VerdictReached(Release(1), 0, Verdict.GoodEnough, Why, -0.7m),
        new Event.VerdictReached(Release(1), 0, Verdict.Worse, Why, 9.3m, 17),
        new Event.VerdictReached(Release(1), 0, Verdict.NotEnoughEvidence, Why, null),
        Promoted(1),
        GuardEnded(1),
    ];

    public static TheoryData<string> Bodies =>
        [.. Frequent.Select(e => Encoding.UTF8.GetString(EntryCodec.Encode(new Entry(Story.Noon, Story.Alice, e))))];

    [Theory]
    [MemberData(nameof(Bodies))]
    public void TheQuickReaderTakesIt(string body)
    {
        var utf8 = Encoding.UTF8.GetBytes(body);

        var read = EntryReader.Read(utf8);

        Assert.NotNull(read);
        Assert.Equal(utf8, EntryCodec.Encode(read));
        Assert.Equal(EntryCodec.Encode(Wire.ReadAny(utf8)), EntryCodec.Encode(read));
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void WithAnyByteChangedOrGoneItSaysNothingElse(string body)
    {
        var utf8 = Encoding.UTF8.GetBytes(body);
        for (var at = 0; at < utf8.Length; at++)
        {
            foreach (var put in "\"0-9 {},:n\\z"u8)
            {
                var changed = (byte[])utf8.Clone();
                changed[at] = put;
                AgreesWithTheGeneralOne(changed);
            }
            AgreesWithTheGeneralOne(utf8[..at]);
            AgreesWithTheGeneralOne([.. utf8[..at], .. utf8[(at + 1)..]]);
            AgreesWithTheGeneralOne([.. utf8[..at], utf8[at], .. utf8[at..]]);
        }
    }

    [Fact]
    public void PropertiesInAnotherOrderMoreThanOnceOrOfAnotherKindAreTheSameToBoth()
    {
        foreach (
            var rest in (string[])
                [
                    "\"promoted.1\",\"release\":\"rel-1\",\"release\":\"rel-2\"}}",
                    "\"promoted.1\",\"release\":\"rel-1\",\"step\":1}}",
                    "\"promoted.1\",\"release\":null}}",
                    "\"promoted.1\"}}",
                    "\"promoted.2\",\"release\":\"rel-1\"}}",
                    "\"instance-exited.1\",\"reason\":\"r\",\"instance\":\"i-1\",\"exitCode\":null}}",
                    "\"instance-exited.1\",\"pid\":3,\"reason\":\"r\",\"instance\":\"i-1\",\"exitCode\":1}}",
                    "\"instance-exited.1\",\"reason\":\"r\",\"instance\":\"\\u0069-1\"}}",
                    "\"release-admitted.1\",\"baseline\":\"bank-1\",\"release\":\"rel-1\"}} ",
                    "\"release-admitted.1\",\"baseline\":{},\"release\":\"rel-1\"}}",
                    "\"promoted.1\",\"release\":\"rel-1\"},\"more\":1}",
                    "\"promoted.1\",\"release\":\"rel-1\"}}{}",
                    "\"instance-stopping.1\",\"instance\":\"i-1\",\"reason\":\"“odd” \\u0007\\\\ é 😀\"}}",
                    "\"instance-exited.1\",\"exitCode\":-9,\"instance\":\"i-1\",\"reason\":\"r\"}}",
                    "\"step-taken.2\",\"pastRates\":{},\"release\":\"rel-1\",\"share\":10001,\"step\":0,"
                        + "\"thresholds\":{}}}",
                    Report("\"errors\":1,\"errors\":2", ""),
                    Report("\"errors\":01", ""),
                    Report("\"errors\":9223372036854775807", ""),
                    Report("\"errors\":9223372036854775808", ""),
                    Report("\"slow-p99\":0,\"errors\":2,\"\":3", "\"EUR\":\"1.50\",\"EUR \":\"0\""),
                    Report("", "\"EUR\":\"-1\""),
                    Report("", "\"EUR\":\"1e3\""),
                    Report("", "\"EUR\":1"),
                ]
        )
            AgreesWithTheGeneralOne(Encoding.UTF8.GetBytes(Head + rest));
    }

    [Fact]
    public void TimesThatAreNoneAreNoneToBoth()
    {
        foreach (var day in (string[])["2026-02-29", "2028-02-29", "0000-01-01", "2026-13-01", "2026-01-00"])
        {
            foreach (var time in (string[])["00:00:00.000Z", "24:00:00.000Z", "23:60:00.000Z", "23:59:60.000Z"])
            {
                var body = (Head + Report("", "")).Replace("2026-01-02T12:00:00.000Z", $"{day}T{time}");
                AgreesWithTheGeneralOne(Encoding.UTF8.GetBytes(body));
            }
        }
    }

    private static string Report(string bad, string value) =>
        $"\"outcomes-reported.2\",\"baseline\":{Tally(bad, value)},\"candidate\":{Tally("", "")},"
        + "\"gateway\":\"g\",\"release\":\"rel-1\",\"sequence\":1,\"step\":0}}";

    private static string Tally(string bad, string value) =>
        $"{{\"bad\":{{{bad}}},\"errors\":0,\"requests\":9,\"units\":0,\"value\":{{{value}}}}}";

    private static void AgreesWithTheGeneralOne(byte[] body)
    {
        if (EntryReader.Read(body) is { } quick)
            Assert.Equal(Wire.ToJson(Wire.ReadAny(body)), Wire.ToJson(quick));
    }
}
