using Mintmark.Releases;

namespace Mintmark.Run;

public interface IHealthProbe
{
    /// <returns>Null where the instance is healthy, else why not.</returns>
    /// <exception cref="TimeoutException">It did not answer in time; says so.</exception>
    Task<string?> ProbeAsync(Instance instance, string path, Protocol protocol, CancellationToken ct);
}
