using Mintmark.Releases;

namespace Mintmark.Cli;

internal static class InstanceLines
{
    public static void AddTo(Page page, IReadOnlyList<Instance> instances, DateTimeOffset now)
    {
        if (instances.Count == 0)
            return;
        page.Line().Line(new Ink("instances", Tone.Strong));
        page.Rows("  ", [.. instances.Select(i => Row(i, now))]);
        foreach (var instance in instances)
        foreach (var broken in instance.Invariants?.Broken() ?? [])
            page.Line("  ", new Ink($"{instance.Id} breaks {broken.Name}: {broken.Broken}", Tone.Bad));
    }

    private static Ink[] Row(Instance instance, DateTimeOffset now) =>
        [
            $"{instance.Id}",
            $"{instance.Mark}",
            $"127.0.0.1:{instance.Port}",
            new Ink(Words.Lower(instance.Phase), ToneOf(instance.Phase)),
            instance.Phase == InstancePhase.Exited
                ? $"{Words.Time(instance.PlannedAt)} to {Words.Time(instance.PhaseSince)}"
                : $"for {Words.Duration(now - instance.PhaseSince)}",
            instance.Pid is { } pid ? $"pid {pid}" : "",
            new Ink(instance.Note ?? "", Tone.Quiet),
        ];

    private static Tone ToneOf(InstancePhase phase) =>
        phase switch
        {
            InstancePhase.Healthy => Tone.Good,
            InstancePhase.Unhealthy => Tone.Bad,
            InstancePhase.Exited => Tone.Quiet,
            _ => Tone.Waiting,
        };
}
