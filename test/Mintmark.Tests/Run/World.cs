using Mintmark.Releases;
using Mintmark.Run;

namespace Mintmark.Tests.Run;

/// <summary>What the planner is shown of the world: processes by the numbers of their instances.</summary>
sealed record World(params IReadOnlyList<LiveProcess> Living)
{
    public HashSet<InstanceId> Drained { get; } = [];

    public Dictionary<InstanceId, DateTimeOffset> Terminated { get; } = [];

    public static World Of(params int[] instances) => new([.. instances.Select(n => Process(n))]);

    public static LiveProcess Process(int instance, long memory = 1 << 20) =>
        new(new InstanceId(instance), 100 * instance, 1000 * instance, true, memory);

    public IReadOnlyList<RunAction> Planned(Story story) =>
        RunPlanner.Plan(story.State, new RunView(Living, Drained, Terminated), story.Now);
}
