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

    /// <summary>
    /// Where each gateway listens beside its address, as its own options say it; those without one here nowhere.
    /// </summary>
    public IReadOnlyList<GatewayDoors> Doors { get; init; } = [];

    internal GatewayDoors DoorsOf(int gateway) => Doors.ElementAtOrDefault(gateway) ?? new(null, null, null, null);

    /// <summary>
    /// Where the gateway sends traces and metrics, or off; null where its environment says it.
    /// </summary>
    public string? Otlp { get; init; }

    public IReadOnlyList<WitnessAddress> Witnesses { get; init; } = [];
}

/// <summary>More places where the gateway listens. It checks them itself.</summary>
/// <param name="Tls">Any address of this machine, for TLS.</param>
/// <param name="Certificate">PEM file for it.</param>
/// <param name="Key">PEM file; null where the certificate's has it.</param>
/// <param name="H2c">A loopback address, for HTTP/2 without TLS.</param>
/// <param name="ClientCa">PEM file of those who vouch for clients of <paramref name="Tls"/>; null for nobody.</param>
/// <param name="ClientCertificates">Optional or required; null where nothing was said.</param>
/// <param name="ClientHeader">From whom Mint-Client is believed; null where nothing was said.</param>
/// <param name="ClientLimits">What clients may take; null where nothing was said.</param>
public sealed record GatewayDoors(
    string? Tls,
    string? Certificate,
    string? Key,
    string? H2c,
    string? ClientCa = null,
    string? ClientCertificates = null,
    string? ClientHeader = null,
    string? ClientLimits = null
)
{
    /// <summary>What a gateway does by itself is unsaid, as gateways themselves leave it.</summary>
    internal GatewayDoors InForce =>
        this with
        {
            ClientHeader = ClientHeader == "loopback" ? null : ClientHeader,
            ClientCertificates = ClientCertificates == "optional" ? null : ClientCertificates,
        };

    internal IEnumerable<string> Arguments() =>
        new[]
        {
            ("--tls", Tls),
            ("--certificate", Certificate),
            ("--key", Key),
            ("--h2c", H2c),
            ("--client-ca", ClientCa),
            ("--client-certificates", ClientCertificates),
            ("--client-header", ClientHeader),
            ("--client-limits", ClientLimits),
        }
            .Where(option => option.Item2 is not null)
            .SelectMany(option => new[] { option.Item1, option.Item2! });
}
