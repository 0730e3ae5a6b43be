using Mintmark.Releases;
using Mintmark.Route;
using Mintmark.Ship;
using Mintmark.Watch;

namespace Mintmark.Simulation;

/// <summary>
/// Sends requests as its route table says and counts them. It goes on with the last table while there is no control
/// plane, and forgets what it has counted when it is started anew; mostly it then has the table from its disk.
/// </summary>
internal sealed class SimulatedGateway(string name, SimulatedMachine machine, Random dice, List<string> breaches)
    : IRehearsalProbe
{
    /// <summary>Of as many starts one finds no table.</summary>
    private const int WithoutDisk = 4;

    private readonly List<SimulatedMachine.Being> inFlight = [];
    private readonly SortedDictionary<(ReleaseId Release, int Step), Counted> steps = [];
    private readonly SortedDictionary<ReleaseId, ShadowTally> shadows = [];
    private RouteTable? table;
    private bool isFromDisk;
    private int run = 1;

    /// <summary>In a moment: 20 a second.</summary>
    private const int Probes = 2;

    private long sequence;

    public RouteTable? Table => table;

    public string Run => $"{name}-{run}";

    /// <summary>It answers no control plane for so many moments, and serves on.</summary>
    public int AwayFor { get; set; }

    /// <summary>It was away, and goes by the table of then: nobody waits with an instance for it for ever.</summary>
    public bool IsBehind { get; private set; }

    /// <summary>All that it has counted, in this run and those before it.</summary>
    public SortedDictionary<
        (string Run, ReleaseId Release, int Step),
        (ArmTally Baseline, ArmTally Candidate)
    > Ledger { get; } = [];

    /// <summary>Requests that a candidate answered badly, by release.</summary>
    public SortedDictionary<ReleaseId, int> BadAnswers { get; } = [];

    /// <summary>A late one never replaces a later one, but for what was on disk.</summary>
    public void Take(RouteTable next)
    {
        if (table is not null && next.Revision < table.Revision && !isFromDisk)
            return;
        (table, isFromDisk, IsBehind) = (next, false, false);
    }

    /// <summary>The control plane has seen that it goes by the table that it should.</summary>
    public void IsAbreast() => IsBehind = false;

    public void Restart()
    {
        (table, isFromDisk) = (dice.Next(WithoutDisk) == 0 ? null : table, true);
        steps.Clear();
        shadows.Clear();
        inFlight.Clear();
        run++;
    }

    public GatewayReport Report() =>
        new(
            Run,
            ++sequence,
            table?.Revision ?? 0,
            [
                .. steps.Select(s => new StepReport(
                    s.Key.Release,
                    s.Key.Step,
                    s.Value.Baseline,
                    s.Value.Candidate,
                    s.Value.Tripped
                )),
            ],
            [.. inFlight.GroupBy(b => b.Process.Instance).Select(g => new InstanceLoad(g.Key, g.Count()))],
            [.. Arms().Select(arm => new LatencyReport(arm.Mark, 1_000, ByName.Of<long>(("slow-p99", 10_000))))],
            [.. Arms().Select(arm => new PastReport(arm.Mark, 1_000, ByName.Of<long>(("errors", 1))))],
            [],
            Shadows: [.. shadows.Select(s => new ShadowReport(s.Key, s.Value))]
        );

    /// <summary>One moment's requests: those of the last moment are answered, new ones are sent.</summary>
    public void Serve(int requests)
    {
        if (AwayFor > 0)
            (AwayFor, IsBehind) = (AwayFor - 1, true);
        foreach (var being in inFlight.Where(b => b.ToldToStop && machine.Find(b.Port) != b && !IsBehind))
        {
            breaches.Add($"{being.Process.Instance} was stopped with a request in flight");
        }
        inFlight.Clear();
        if (table is null || table.Halted is not null)
            return;
        foreach (var route in table.Services.Where(r => r.Halted is null))
        {
            for (var i = 0; i < requests; i++)
            {
                Send(route, probe: false);
                if (route.Shadow is { } shadow && dice.Next(Share.Whole) < shadow.Plan.Share.BasisPoints)
                    Copy(shadow);
            }
            for (var i = 0; i < Probes && route.Comparison is { Probed: true }; i++)
                Send(route, probe: true);
        }
    }

    /// <summary>A version at the address of its own.</summary>
    public Task<RehearsalAnswer> AskAsync(Mark mark, string path, CancellationToken ct)
    {
        var route = table?.Services.FirstOrDefault(s => s.Service == mark.Service);
        if (table?.Halted is not null || route?.Halted is not null)
            return Task.FromResult(new RehearsalAnswer(503, Halted: true));
        if (route?.Rehearsal is not { Candidate: var candidate, Halted: var halted } || candidate.Mark != mark)
            return Task.FromResult(new RehearsalAnswer(404, Halted: false));
        if (halted is not null)
            return Task.FromResult(new RehearsalAnswer(503, Halted: true));
        var answers = candidate.Targets.Any(t => machine.Serve(t.Port) is not null);
        return Task.FromResult(new RehearsalAnswer(answers ? 200 : 503, Halted: false));
    }

    private IEnumerable<Arm> Arms() =>
        table is null
            ? []
            : table.Services.SelectMany(s => new[] { s.Baseline, s.Comparison?.Candidate }).OfType<Arm>();

    private void Send(ServiceRoute route, bool probe)
    {
        var comparison = route.Comparison is { Candidate.Targets.Count: > 0 } open && !Step(open).Tripped ? open : null;
        if (probe && (comparison is null || route.Baseline is not { Targets.Count: > 0 }))
            return;
        var toCandidate = comparison is not null && dice.Next(Share.Whole) < comparison.Share.BasisPoints;
        var arm = toCandidate ? comparison!.Candidate : route.Baseline;
        if (arm is null || arm.Targets.Count == 0)
            return;
        var being = machine.Serve(arm.Targets[dice.Next(arm.Targets.Count)].Port);
        if (being is { ToldToStop: true } && !IsBehind)
            breaches.Add($"{being.Process.Instance} got a request after it was told to stop");
        if (being is not null && being.Mark != arm.Mark && !IsBehind)
            breaches.Add($"a request for {arm.Mark} reached {being.Mark}");
        if (being is not null)
            inFlight.Add(being);
        if (comparison is null)
            return;
        var error = being is null || dice.Next(10_000) < being.Fate.ErrorsAt(comparison.Share);
        var slow = being is not null && dice.Next(10_000) < being.Fate.Slow;
        Count(comparison, toCandidate, error, slow, probe);
    }

    private void Copy(Shadowing shadow)
    {
        if (shadow.Candidate.Targets.Count == 0)
            return;
        var being = machine.Serve(shadow.Candidate.Targets[dice.Next(shadow.Candidate.Targets.Count)].Port);
        if (being is { ToldToStop: true } && !IsBehind)
            breaches.Add($"{being.Process.Instance} got a copy after it was told to stop");
        if (being is not null)
            inFlight.Add(being);
        var failed = being is null || dice.Next(10_000) < being.Fate.ErrorsAt(new Share(1));
        var one = new ShadowTally(1, failed ? 0 : 1, failed ? 1 : 0, 0, ByName<long>.Empty, 9, 9, 0);
        shadows[shadow.Release] = shadows.GetValueOrDefault(shadow.Release, ShadowTally.None) + one;
    }

    private void Count(Comparison comparison, bool toCandidate, bool error, bool slow, bool probe)
    {
        var step = Step(comparison);
        var one = ArmTally.Of(1, error ? 1 : 0, ("errors", error ? 1 : 0), ("slow-p99", slow ? 1 : 0)) with
        {
            Probes = probe ? 1 : 0,
            ProbesFailed = probe && error ? 1 : 0,
        };
        if (toCandidate)
            step.Candidate += one;
        else
            step.Baseline += one;
        Ledger[(Run, comparison.Release, comparison.Step)] = (step.Baseline, step.Candidate);
        if (!toCandidate || !(error || slow))
            return;
        BadAnswers[comparison.Release] = BadAnswers.GetValueOrDefault(comparison.Release) + 1;
        var present = new StepTally(comparison.Share, step.Baseline, step.Candidate);
        step.Tripped = Judge.Weigh([.. comparison.Past, present], comparison.Rollout, comparison.Signals).Worse;
    }

    private Counted Step(Comparison comparison)
    {
        var key = (comparison.Release, comparison.Step);
        if (!steps.TryGetValue(key, out var step))
            steps[key] = step = new Counted();
        return step;
    }

    private sealed class Counted
    {
        public ArmTally Baseline { get; set; } = ArmTally.None;
        public ArmTally Candidate { get; set; } = ArmTally.None;
        public bool Tripped { get; set; }
    }
}
