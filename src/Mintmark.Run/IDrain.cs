using Mintmark.Releases;

namespace Mintmark.Run;

/// <summary>What gateways say of requests under way.</summary>
public interface IDrain
{
    /// <summary>
    /// Whether no gateway has sent the instance anything since then, and none waits for an answer of it.
    /// </summary>
    bool IsDrained(InstanceId id, DateTimeOffset since);
}
