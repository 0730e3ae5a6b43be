using System.Net;

namespace Mintmark.Server;

/// <summary>Where the control plane and its gateways listen.</summary>
/// <param name="Gateway">The first of them.</param>
public sealed record Addresses(IPEndPoint Api, IPEndPoint Gateway)
{
    /// <summary>Further gateways, each with a port of its own.</summary>
    public IReadOnlyList<IPEndPoint> More { get; init; } = [];

    public IReadOnlyList<IPEndPoint> Gateways => [Gateway, .. More];

    public const string DefaultApi = "127.0.0.1:7400";
    public const string DefaultGateway = "127.0.0.1:7480";

    /// <exception cref="FormatException">Not an address with a port, or one beyond loopback.</exception>
    public static IPEndPoint Parse(string option, string text)
    {
        if (!IPEndPoint.TryParse(text, out var address) || address.Port == 0)
        {
            throw new FormatException($"{option}: '{text}' is no address with a port, such as {DefaultApi}");
        }
        return IPAddress.IsLoopback(address.Address)
            ? address
            : throw new FormatException(
                $"{option}: {address.Address} is reachable from other machines, and this has no TLS; use 127.0.0.1 or "
                    + "[::1], and from elsewhere an SSH tunnel or, for clients of the gateway, --gateway-tls"
            );
    }
}
