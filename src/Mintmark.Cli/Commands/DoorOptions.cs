using System.CommandLine;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Where the gateway listens beside its address; it checks addresses and files itself.</summary>
internal sealed class DoorOptions
{
    public Option<string> Tls { get; } =
        new("--gateway-tls")
        {
            Description = "Where the gateway listens for TLS (HTTP/1.1 and HTTP/2), such as 0.0.0.0:7443",
            HelpName = "ADDRESS",
        };

    public Option<string> Certificate { get; } =
        new("--certificate") { Description = "PEM file of its certificate and chain", HelpName = "FILE" };

    public Option<string> Key { get; } =
        new("--key") { Description = "PEM file of its key [default: the certificate's file]", HelpName = "FILE" };

    public Option<string> H2c { get; } =
        new("--gateway-h2c")
        {
            Description = "Loopback address where the gateway listens for HTTP/2 without TLS",
            HelpName = "ADDRESS",
        };

    /// <exception cref="FormatException">TLS without a certificate, or a certificate without TLS.</exception>
    public GatewayDoors Of(ParseResult given)
    {
        var (tls, certificate, key) = (given.GetValue(Tls), given.GetValue(Certificate), given.GetValue(Key));
        if (tls is null != certificate is null || (key is not null && certificate is null))
            throw new FormatException("--gateway-tls and --certificate FILE [--key FILE] go together");
        return new(tls, Full(certificate), Full(key), given.GetValue(H2c));
    }

    private static string? Full(string? file) => string.IsNullOrEmpty(file) ? file : Path.GetFullPath(file);
}
