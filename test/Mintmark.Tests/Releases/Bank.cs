using Mintmark.Releases;

namespace Mintmark.Tests.Releases;

/// <summary>
/// A service's past in one word each. Release n ships mark n and starts instance n; every word holds the ones
/// before it.
/// </summary>
static class Bank
{
    public const string Why = "because";
    public static readonly ServiceName Name = new("bank");
    public static readonly Share Small = new(500);
    public static readonly Share Large = new(5000);

    public static readonly Manifest Declared = new(
        Name,
        "consumer-banking",
        new BuildPlan("make", 600),
        new SuitePlan("make smoke", "smoke.xml", 60),
        new SuitePlan("make full", "full.xml", 600),
        new RunPlan("./bank", 256L << 20, 1024),
        new HealthPlan("/health", 30),
        "/invariants",
        ["config/bank.json"],
        new RolloutPlan([new(Small, 100), new(Large, 100)], 0.001m, 2m, 600)
    );

    public static readonly Source Commit = new("bank", new string('a', 40), new string('b', 40), "alice", "a change");
    public static readonly Event.CommandRefused Refusal = new("ship", Name, "rule", Why);
    public static readonly ControlResult Passed = new("suites-passed", true, "2 suites passed");
    public static readonly ControlResult Failed = new("suites-passed", false, "full: 1 failed");

    public static Command.Ship ShipIt => new(Commit, Declared, Why);

    public static ReleaseId Release(int n) => new(n);

    public static InstanceId Instance(int n) => new(n);

    public static Mark Mark(int n) => new(Name, n);

    public static Command.Rollback Rollback(int? to = null) => new(Name, to is { } n ? Mark(n) : null, Why);

    /// <summary>Results of a gate that people, or a trial after it, still have a say in.</summary>
    public static readonly ControlResult Asked = new("approved", false, "0 of 1", Standing.Awaited, "mint approve");
    public static readonly ControlResult ToRehearse = new("kill-rehearsed", true, "before its traffic", Standing.Later);

    public static Event.ShipRequested ShipRequested(int n) => ShipRequested(n, n);

    public static Event.ShipRequested ShipRequested(int n, int mark) =>
        new(Release(n), Mark(mark), Commit, Declared, Why);

    public static Event.ReturnRequested ReturnRequested(int n, int to) => new(Release(n), Mark(to), Why);

    public static Event.RolledBack RolledBack(int n) => new(Release(n), Why);

    public static Event.GuardEnded GuardEnded(int n) => new(Release(n));

    public static Event.Promoted Promoted(int n) => new(Release(n));

    public static Event.StepTaken Step(int n, int step) =>
        new(Release(n), step, step == 0 ? Small : Large, ByName<long>.Empty, ByName<decimal>.Empty);

    public static Event.VerdictReached Judged(int n, int step, Verdict verdict) =>
        new(Release(n), step, verdict, Why, 9.21m);

    public static Event.OutcomesReported Outcomes(int n, int step, string gateway, long candidate) =>
        new(Release(n), step, gateway, 1, ArmTally.None, ArmTally.None with { Requests = candidate });

    public static SuiteResult Suite(string name, int passed) => new(name, passed, 0, 0, [], "sha256:00", 1200);

    public static IEnumerable<Event> Building(int n) =>
        [ShipRequested(n), new Event.BuildStageEntered(Release(n), BuildStage.Checkout)];

    public static IEnumerable<Event> Gating(int n) =>
        [
            .. Building(n),
            new Event.SuiteFinished(Release(n), Suite("smoke", 3)),
            new Event.SuiteFinished(Release(n), Suite("full", 30)),
            Built(n),
        ];

    public static Event.VersionBuilt Built(int n) =>
        new(Release(n), new Artifact($"sha256:{n:x64}", 1 << 20, [new("make", "4.4")], Story.Noon));

    public static IEnumerable<Event> Waiting(int n) => [.. Gating(n), new Event.GateDecided(Release(n), [Passed])];

    public static IEnumerable<Event> Starting(int n, int? baseline) =>
        [.. Waiting(n), new Event.ReleaseAdmitted(Release(n), baseline is { } b ? Mark(b) : null)];

    public static IEnumerable<Event> Ready(int n, int? baseline) => [.. Starting(n, baseline), .. Healthy(n, n)];

    public static IEnumerable<Event> Healthy(int instance, int mark) =>
        [
            new Event.InstancePlanned(Instance(instance), Mark(mark), 20_000 + instance),
            new Event.InstanceStarted(Instance(instance), 1000 + instance, 77),
            new Event.InstanceHealthChanged(Instance(instance), true, "answers 200"),
        ];

    public static IEnumerable<Event> Ramping(int n, int baseline) => [.. Ready(n, baseline), Step(n, 0)];

    public static IEnumerable<Event> Guarding(int n, int? baseline) =>
        baseline is { } b
            ? [.. Ramping(n, b), GoodEnough(n, 0), Step(n, 1), GoodEnough(n, 1), Promoted(n)]
            : [.. Ready(n, null), Promoted(n)];

    public static Event.VerdictReached GoodEnough(int n, int step) => Judged(n, step, Verdict.GoodEnough);

    /// <summary>Versions 1 to n came into service one after another.</summary>
    public static IEnumerable<Event> InService(int n) =>
        Enumerable.Range(1, n).SelectMany(i => Guarding(i, i == 1 ? null : i - 1).Append(GuardEnded(i)));
}
