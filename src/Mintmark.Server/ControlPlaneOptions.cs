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
    /// <summary>
    /// The folder of the gateway's access log, or <see cref="NoAccessLog"/>; null where nothing was said.
    /// </summary>
    public string? AccessLog { get; init; }

    public const string NoAccessLog = "off";

    public IReadOnlyList<WitnessAddress> Witnesses { get; init; } = [];
}
