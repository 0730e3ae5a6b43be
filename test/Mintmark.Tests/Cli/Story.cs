using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Server;
using Mintmark.Ship;
using Mintmark.Watch;
using Xunit;

namespace Mintmark.Tests.Cli;

/// <summary>
/// A log told event by event. Every event passes the rules it would pass in the control plane, and every answer is made
/// from the state that follows.
/// </summary>
sealed class Story
{
    public static readonly DateTimeOffset Beginning = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly Actor Control = new("mintmark/ship");

    public static readonly Manifest Bank = new(
        new ServiceName("bank"),
        "consumer-banking",
        new BuildPlan("dotnet publish -o \"$OUT\"", 600),
        new SuitePlan("./smoke", "results/smoke.xml", 120),
        new SuitePlan("./full", "results/full.xml", 600),
        new RunPlan("dotnet Bank.dll", 512L << 20, 1024),
        new HealthPlan("/health", 30),
        "/invariants",
        ["config/bank.json"],
        new RolloutPlan(
            [new(new Share(500), 400), new(new Share(2500), 1000), new(new Share(10000), 2000)],
            0.001m,
            2m,
            600
        )
    );

    public List<Entry> Entries { get; } = [];

    public State State { get; private set; } = State.Empty;

    public DateTimeOffset Now { get; private set; } = Beginning;

    private Release Last => State.Releases.Values.Last();

    public Story After(double seconds)
    {
        Now = Now.AddSeconds(seconds);
        return this;
    }

    public Story Do(Command command, Actor? by = null)
    {
        var accepted = Assert.IsType<Decision.Accepted>(Decider.Decide(State, command, by ?? Control));
        foreach (var what in accepted.Events)
        {
            Entries.Add(new Entry(Now, by ?? Control, what));
            State = Fold.Apply(State, Entries[^1]);
        }
        return After(1);
    }

    /// <summary>Goes on with an entry of another story.</summary>
    public void Tell(Entry entry)
    {
        Entries.Add(entry);
        State = Fold.Apply(State, entry);
        Now = entry.At;
    }

    public Story Record(Event what) => Do(new Command.Record(what));

    public Story Begun() => Record(new Event.ControlPlaneStarted("0.1.0"));

    public Story Asked(
        string subject,
        string commit = "1f0c2d4e5a6b7c8d9e0f1f0c2d4e5a6b7c8d9e0f",
        ShadowPlan? shadow = null
    )
    {
        var source = new Source("/srv/bank", commit, "77aa", "Ada <ada@example.com>", subject);
        var declared = Bank with { Rollout = Bank.Rollout with { Shadow = shadow } };
        return Do(new Command.Ship(source, declared, subject), new Actor("alice"));
    }

    public Story At(BuildStage stage) => Record(new Event.BuildStageEntered(Last.Id, stage));

    public Story Tested(string suite, int passed, params string[] failed) =>
        Record(
            new Event.SuiteFinished(
                Last.Id,
                new SuiteResult(suite, passed, failed.Length, 0, failed, $"sha256:{suite}", 1200)
            )
        );

    public Story Built() =>
        At(BuildStage.Checkout)
            .At(BuildStage.Build)
            .After(11)
            .At(BuildStage.Smoke)
            .Tested("smoke", 12)
            .At(BuildStage.Full)
            .Tested("full", 148)
            .At(BuildStage.Pack)
            .Record(
                new Event.VersionBuilt(
                    Last.Id,
                    new Artifact(
                        "sha256:9d5f0a1b2c3d",
                        12_345_678,
                        [new("dotnet", "10.0.100", "sha256:0f3a7710cc52"), new("git", "2.47.3")],
                        Now,
                        Evidence
                    )
                )
            );

    private static readonly BuildEvidence Evidence = new(
        [new("sbom.cdx.json", "sha256:4be1a50d77c2", 20_481)],
        12,
        ["go: tools/go.mod"],
        "MFkw",
        Audit: new(
            "sha256:71be0c9a44f0",
            1_204,
            1,
            ["GHSA-ws in pkg:npm/ws@8.18.0"],
            [],
            [new("GHSA-ws", "pkg:npm/ws@8.18.0", 7.5m, Beginning.AddDays(-9))]
        ),
        Cases: new(148, ["Ledger.RoundsDown"], ["Ledger.Settles"], ["PAY-7"]),
        Support: new("sha256:55d0e1b2c3a4", ["Node.js 18 since 2025-04-30"])
    );

    public Story Gated(params ControlResult[] no)
    {
        ControlResult[] yes =
        [
            new("full-suite-passed", true, "148 cases passed"),
            new("not-frozen", true, "no freeze"),
        ];
        return Record(
            new Event.GateDecided(Last.Id, [.. yes.ExceptBy(no.Select(c => c.Control), c => c.Control), .. no])
        );
    }

    public Story Admitted() => Record(new Event.ReleaseAdmitted(Last.Id, State.Services[Last.Service].Serving));

    public Story Planned() =>
        Record(new Event.InstancePlanned(State.NextInstance(), Last.Mark, 20_000 + State.Instances.Count));

    public Story Healthy()
    {
        Planned();
        var instance = State.Instances.Keys.Last();
        return Record(new Event.InstanceStarted(instance, 4000 + instance.Number, 99))
            .Record(new Event.InstanceHealthChanged(instance, true, "answers 200"));
    }

    public Story Stepped() =>
        Record(new Event.StepTaken(Last.Id, Last.Steps.Count, Bank.Rollout.Steps[Last.Steps.Count].Share, Slow, Usual));

    private static readonly ByName<long> Slow = ByName.Of<long>(("slow-p50", 1_200), ("slow-p99", 4_200));

    private static readonly ByName<decimal> Usual = ByName.Of<decimal>(("errors", 0.0005m), ("slow-p99", 0.01m));

    public Story Counted(ArmTally baseline, ArmTally candidate) =>
        Record(new Event.OutcomesReported(Last.Id, Last.CurrentStep, "gw-1", 1, baseline, candidate));

    public Story Judged(Verdict verdict, string reason, decimal? evidence = null) =>
        Record(new Event.VerdictReached(Last.Id, Last.CurrentStep, verdict, reason, evidence));

    /// <summary>What the judge says now, on the counts of the log.</summary>
    public Story JudgedByCounts()
    {
        Record(new Event.InvariantsReported(new InstanceId(2), Last.CurrentStep, [new("postings sum to zero", null)]));
        var (verdict, reason, evidence) = Verdicts.Of(State, Last, Now, Now);
        return Record(new Event.VerdictReached(Last.Id, Last.CurrentStep, verdict, reason, evidence, State.Size));
    }

    public Story Promoted() => Record(new Event.Promoted(Last.Id));

    /// <summary>bank-1 in service, with its guard behind it.</summary>
    public static Story WithAVersionInService() =>
        new Story()
            .Begun()
            .Asked("First version", "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334")
            .Built()
            .Gated()
            .Admitted()
            .Healthy()
            .Promoted()
            .After(600)
            .Record(new Event.GuardEnded(new ReleaseId(1)))
            .After(3600);

    /// <summary>bank-2 at its second step.</summary>
    public static Story OnTheRamp() =>
        WithAVersionInService()
            .Asked("Statements by month")
            .Built()
            .Gated()
            .Admitted()
            .Healthy()
            .Stepped()
            .After(20)
            .Counted(ArmTally.Of(7_600, 4, ("errors", 4), ("slow-p99", 60)), ArmTally.Of(402, 0, ("slow-p99", 4)))
            .Judged(Verdict.GoodEnough, "402 requests without alarm", -0.31m)
            .Stepped()
            .After(8)
            .Record(new Event.InvariantsReported(new InstanceId(2), 1, [new("postings sum to zero", null)]))
            .Counted(
                ArmTally.Of(900, 1, ("errors", 1), ("slow-p99", 9)),
                ArmTally.Of(310, 2, ("errors", 2), ("slow-p99", 3))
            );

    public ReleaseAnswer Answer(int release, string? buildLog = null, params string[] lastLines)
    {
        var found = State.Releases[new ReleaseId(release)];
        var version = State.Versions[found.Mark];
        return new ReleaseAnswer(
            State.Size,
            found,
            version,
            Progress.Explain(State, found, Now, _ => "not enough evidence: 310 of 1,000 requests"),
            found.Steps.IsEmpty ? null : 2.1,
            found.Steps.IsEmpty ? null : 7.6,
            [.. State.Running(found.Mark)],
            buildLog,
            lastLines,
            Outlook.Of(State, found, Now),
            [.. State.Running(found.Mark).Take(1).Select(i => Clients(i.Mark))]
        );
    }

    public IReadOnlyList<ReleaseAnswer> Answers() => [.. State.Releases.Keys.Reverse().Select(id => Answer(id.Number))];

    public StatusAnswer Status(bool connected = true, params (string Part, string Failure)[] troubles) =>
        new(
            "0.1.0+1f0c2d4",
            State.Size,
            "5ff1e0a85f0c3c4a0d7a5cbb7e2ad4bd6d0e1b9d12d3b6f2f2a1d35e3f0c9a77",
            new GatewayStatus(Addresses.DefaultGateway, connected, connected ? State.Size : -1),
            State.Halted,
            State.Frozen,
            [.. State.Services.Values.Select(Of)],
            troubles.ToDictionary(t => t.Part, t => t.Failure)
        );

    public TraceAnswer Trace(string asked, Mark mark, string? claim = null) =>
        new(
            asked,
            State.Versions[mark],
            State.Services[mark.Service].Serving == mark,
            [.. State.Releases.Values.Where(r => r.Mark == mark || r.Baseline == mark)],
            [.. State.Instances.Values.Where(i => i.Mark == mark)],
            claim
        );

    private ServiceStatus Of(Service service) =>
        new(
            service.Name,
            service.Serving,
            service.Halted,
            service.Frozen,
            service.Good,
            [.. service.Running.Select(id => State.Instances[id])],
            [.. service.Open.Select(id => Answer(id.Number))],
            $"http://{service.Name}.localhost:7480/",
            [.. service.Running.Select(id => State.Instances[id].Mark).Distinct().Select(Clients)]
        );

    private ClientsReport Clients(Mark mark) =>
        new(mark, 100_000 / mark.Number, mark.Number == 1, 4_211, Beginning, Now.AddSeconds(-3));
}
