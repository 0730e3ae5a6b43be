using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>What the world shows, as far as it concerns instances.</summary>
/// <param name="Drained">Of the instances that stop, those that no gateway needs any more.</param>
/// <param name="Terminated">When each was asked to end. Forgotten in a restart: then it is asked again.</param>
public sealed record RunView(
    IReadOnlyList<LiveProcess> Living,
    IReadOnlySet<InstanceId> Drained,
    IReadOnlyDictionary<InstanceId, DateTimeOffset> Terminated
);
