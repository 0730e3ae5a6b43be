using Mintmark.Releases;

namespace Mintmark.Run;

public interface IHealthProbe
{
    /// <returns>Null where the instance is healthy, else why not. Never fails but by cancellation.</returns>
    Task<string?> ProbeAsync(Instance instance, string path, Protocol protocol, CancellationToken ct);
}
