using Mintmark.Releases;
using Mintmark.Run;
using Mintmark.Watch;

namespace Mintmark.Simulation;

/// <summary>Processes, and what they answer. Outlives control planes.</summary>
internal sealed class SimulatedMachine(SimulatedClock clock, Func<Mark, Fate> fateOf)
    : IRuntime,
        IHealthProbe,
        IInvariantProbe
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromMilliseconds(300);

    private readonly SortedDictionary<InstanceId, Being> beings = [];
    private int pids = 100;

    public IReadOnlyList<LiveProcess> Living() => [.. beings.Values.Where(Alive).Select(b => b.Process)];

    public int FreePort(int last, IReadOnlySet<int> taken)
    {
        var port = Math.Max(20_000, last + 1);
        while (taken.Contains(port) || beings.Values.Any(b => Alive(b) && b.Port == port))
            port++;
        return port;
    }

    public LiveProcess Start(LaunchPlan plan)
    {
        var fate = fateOf(plan.Mark);
        var now = clock.True;
        var process = new LiveProcess(plan.Instance, ++pids, pids, Leads: true, MemoryBytes: 1 << 20);
        beings[plan.Instance] = new Being(process, plan.Mark, plan.Port, fate, now)
        {
            DiesAt = fate.CrashesAfter is { } life ? now + life : null,
        };
        return process;
    }

    public string? FolderOf(LiveProcess process) => $"/versions/{beings[process.Instance].Mark}";

    public void Signal(InstanceId instance, StopSignal signal)
    {
        if (!beings.TryGetValue(instance, out var being) || !Alive(being))
            return;
        var now = clock.True;
        being.ToldToStop = true;
        being.DiesAt = signal == StopSignal.Kill ? now : now + StopsWithin;
    }

    public int? ExitCode(InstanceId instance) => beings.ContainsKey(instance) ? 1 : null;

    public void CapOutput(InstanceId instance) { }

    public void Clear(InstanceId instance, IReadOnlySet<InstanceId> running) { }

    public Task<string?> ProbeAsync(Instance instance, string path, Protocol protocol, CancellationToken ct) =>
        Task.FromResult(Find(instance.Port) is { } being && Healthy(being) ? null : "connection refused");

    public Task<InvariantAnswer> AskAsync(int port, string path, Protocol protocol, CancellationToken ct) =>
        Task.FromResult<InvariantAnswer>(
            Find(port) is { } being && Healthy(being)
                ? new InvariantAnswer.Given([
                    new InvariantResult(
                        "sums-to-zero",
                        being.Fate.BreaksInvariant && being.Served ? "off by one" : null
                    ),
                ])
                : new InvariantAnswer.Unclear("connection refused")
        );

    /// <summary>Dies of itself, at once.</summary>
    public void Strike(Random dice)
    {
        var living = beings.Values.Where(Alive).ToList();
        if (living.Count > 0)
            living[dice.Next(living.Count)].DiesAt = clock.True;
    }

    /// <summary>What a request to the port meets.</summary>
    /// <returns>Null where nobody listens.</returns>
    public Being? Serve(int port)
    {
        if (Find(port) is not { } being || !Healthy(being))
            return null;
        being.Served = true;
        return being;
    }

    public Being? Find(int port) => beings.Values.LastOrDefault(b => b.Port == port && Alive(b));

    private bool Alive(Being being) => being.DiesAt is not { } end || clock.True < end;

    private bool Healthy(Being being) => being.Fate.StartsAfter is { } wait && clock.True - being.Born >= wait;

    internal sealed record Being(LiveProcess Process, Mark Mark, int Port, Fate Fate, DateTimeOffset Born)
    {
        public DateTimeOffset? DiesAt { get; set; }
        public bool ToldToStop { get; set; }
        public bool Served { get; set; }
    }
}
