using Mintmark.Log;

namespace Mintmark.Server;

/// <param name="Log">Where the log is in PostgreSQL; null for a file in the home.</param>
/// <param name="Standby">Called once where another control plane leads on that log, before this one waits.</param>
public sealed record ControlPlaneOptions(
    Home Home,
    Addresses Addresses,
    PostgresAddress? Log = null,
    Action? Standby = null
)
{
    public IReadOnlyList<WitnessAddress> Witnesses { get; init; } = [];
}
