using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>
/// Probes are begun in one round and collected in whichever later round finds them answered, so a slow instance delays
/// no other. Nothing here needs to outlive the control plane: after a restart the counting begins anew.
/// Where rounds themselves come late, since the machine or its disk stood still, nobody knows why an answer did: one
/// that was asked for before then and came late is not held against the instance.
/// </summary>
internal sealed class HealthRounds(IHealthProbe probe)
{
    private const int FailuresToUnhealthy = 3;

    private static readonly TimeSpan UntilHealthy = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Steady = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly Dictionary<InstanceId, Asked> asked = [];
    private DateTimeOffset round = DateTimeOffset.MaxValue;
    private DateTimeOffset stalledUntil = DateTimeOffset.MinValue;

    /// <summary>Asks every instance that is due.</summary>
    public void Begin(State state, DateTimeOffset now, CancellationToken ct)
    {
        if (now - round >= Late)
            stalledUntil = now;
        // A clock that was set back leaves no time to come in which the machine stood still.
        else if (now < round)
            stalledUntil = DateTimeOffset.MinValue;
        round = now;
        var probed = state.Running().Where(IsProbed).ToDictionary(i => i.Id);
        foreach (var gone in asked.Keys.Where(id => !probed.ContainsKey(id)).ToList())
            asked.Remove(gone);
        foreach (var instance in probed.Values)
        {
            var last = asked.GetValueOrDefault(instance.Id);
            // A clock that was set back is no reason to wait until it is where it was.
            if (last is { Answer: not null } || (last is { } before && (now - before.At).Duration() < Every(instance)))
                continue;
            var manifest = state.Versions[instance.Mark].Manifest;
            var protocol = manifest.Run.Protocol ?? Protocol.Http1;
            var answer = probe.ProbeAsync(instance, manifest.Health.Path, protocol, ct);
            asked[instance.Id] = new Asked(now, answer, last?.Failures ?? 0);
        }
    }

    /// <summary>What the answers that have come in mean.</summary>
    public IReadOnlyList<Event.InstanceHealthChanged> Collect(State state)
    {
        List<Event.InstanceHealthChanged> changes = [];
        foreach (var (id, last) in asked.ToList())
        {
            if (last.Answer is not { IsCompleted: true } answer)
                continue;
            var wrong = answer.IsCompletedSuccessfully
                ? answer.Result
                : answer.Exception?.GetBaseException().Message ?? "not asked";
            var failures =
                wrong is null ? 0
                : IsLate(answer) && last.At < stalledUntil ? last.Failures
                : last.Failures + 1;
            asked[id] = new Asked(last.At, null, failures);
            if (Change(state.Instances[id], wrong, failures) is { } change)
                changes.Add(change);
        }
        return changes;
    }

    private static Event.InstanceHealthChanged? Change(Instance instance, string? wrong, int failures) =>
        (instance.Phase, wrong) switch
        {
            (InstancePhase.Started or InstancePhase.Unhealthy, null) => new(instance.Id, true, "answers 200"),
            (InstancePhase.Healthy, not null) when failures >= FailuresToUnhealthy => new(instance.Id, false, wrong),
            _ => null,
        };

    private static bool IsLate(Task answer) => answer.Exception?.GetBaseException() is TimeoutException;

    private static bool IsProbed(Instance instance) =>
        instance.Phase is InstancePhase.Started or InstancePhase.Healthy or InstancePhase.Unhealthy;

    private static TimeSpan Every(Instance instance) => instance.Phase == InstancePhase.Started ? UntilHealthy : Steady;

    /// <param name="Answer">Null once it is collected.</param>
    private sealed record Asked(DateTimeOffset At, Task<string?>? Answer, int Failures);
}
