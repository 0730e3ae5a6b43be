using Mintmark.Journal;
using Mintmark.Log;
using Mintmark.Releases;

namespace Mintmark.Bench;

/// <summary>Entries as they come when one release after another goes into service.</summary>
internal static class SampleLog
{
    private const int ReportsPerRelease = 60;

    public static BuiltVersion Built =>
        new(
            new ReleaseId(1),
            new Mark(new ServiceName("bank"), 1),
            new Source("/srv/bank", new string('a', 40), new string('b', 40), "A. Author", "bank: a change"),
            Manifest,
            new Artifact("sha256:a", 1_000_000, [new("dotnet", "10.0")], DateTimeOffset.UnixEpoch),
            [],
            DateTimeOffset.UnixEpoch
        );

    public static List<StoredEntry> Entries(int count)
    {
        var entries = new List<StoredEntry>(count);
        var at = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var release = 0;
        while (entries.Count < count)
        {
            release++;
            foreach (var what in OneRelease(release))
            {
                if (entries.Count == count)
                    break;
                at += TimeSpan.FromMilliseconds(500);
                var body = EntryCodec.Encode(new Entry(at, new Actor("mintmark/bench"), what));
                entries.Add(new StoredEntry(entries.Count, body, Merkle.LeafHash(body)));
            }
        }
        return entries;
    }

    private static IEnumerable<Event> OneRelease(int number)
    {
        var id = new ReleaseId(number);
        var mark = new Mark(new ServiceName("bank"), number);
        Mark? baseline = number == 1 ? null : mark with { Number = number - 1 };
        var instance = new InstanceId(number);
        var source = new Source("/srv/bank", new string('a', 40), new string('b', 40), "A. Author", "bank: a change");
        yield return new Event.ShipRequested(id, mark, source, Manifest, "because");
        foreach (var stage in Enum.GetValues<BuildStage>())
            yield return new Event.BuildStageEntered(id, stage);
        yield return new Event.SuiteFinished(id, new SuiteResult("smoke", 9, 0, 0, [], "sha256:s", 900));
        yield return new Event.SuiteFinished(id, new SuiteResult("full", 99, 0, 0, [], "sha256:f", 9_000));
        yield return new Event.VersionBuilt(
            id,
            new Artifact("sha256:a", 1_000_000, [new("dotnet", "10.0")], DateTimeOffset.UnixEpoch, Evidence)
        );
        yield return new Event.GateDecided(id, [new("full-suite-passed", true, "99 cases passed")]);
        yield return new Event.ReleaseAdmitted(id, baseline);
        yield return new Event.InstancePlanned(instance, mark, 20_000 + (number % 2));
        yield return new Event.InstanceStarted(instance, number, number);
        yield return new Event.InstanceHealthChanged(instance, true, "answers 200");
        if (baseline is not null)
        {
            yield return new Event.StepTaken(id, 0, new Share(500), Slow, Rates);
            for (var i = 1; i <= ReportsPerRelease; i++)
                yield return new Event.OutcomesReported(
                    id,
                    0,
                    "gateway-1",
                    i,
                    ArmTally.Of(i * 95, 0, ("slow-p99", i)),
                    ArmTally.Of(i * 5, 0)
                );
            yield return new Event.InvariantsReported(instance, 0, [new("sums-to-zero", null)]);
            yield return new Event.VerdictReached(id, 0, Verdict.GoodEnough, "300 of 300 requests", -0.7m);
        }
        yield return new Event.Promoted(id);
        yield return new Event.GuardEnded(id);
        if (baseline is null)
            yield break;
        yield return new Event.InstanceStopping(new InstanceId(number - 1), "no longer needed");
        yield return new Event.InstanceExited(new InstanceId(number - 1), 0, "stopped");
    }

    private static readonly BuildEvidence Evidence = new(
        [
            .. new[]
            {
                "sbom.cdx.json",
                "provenance.intoto.json",
                "test-smoke.intoto.json",
                "test-full.intoto.json",
            }.Select(name => new EvidenceFile(name, "sha256:" + new string('e', 64), 9_000)),
        ],
        41,
        [],
        new string('k', 124)
    );

    private static readonly ByName<long> Slow = ByName.Of<long>(("slow-p50", 4_000), ("slow-p99", 9_000));
    private static readonly ByName<decimal> Rates = ByName.Of<decimal>(("errors", 0.001m), ("slow-p99", 0.01m));

    private static Manifest Manifest { get; } =
        new(
            new ServiceName("bank"),
            "consumer-banking",
            new BuildPlan("make", 600),
            new SuitePlan("make smoke", "smoke.xml", 600),
            new SuitePlan("make full", "full.xml", 600),
            new RunPlan("./bank", 1 << 29, 1024),
            new HealthPlan("/health", 30),
            "/invariants",
            ["config/bank.json"],
            new RolloutPlan([new StepPlan(new Share(500), 300)], 0.0001m, 2, 600)
        );
}
