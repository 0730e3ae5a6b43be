using System.CommandLine;
using Mintmark.Server;

namespace Mintmark.Cli;

/// <summary>Where the gateway listens beside its address; it checks addresses and files itself.</summary>
internal sealed class DoorOptions
{
    public Option<string[]> Tls { get; } =
        new("--gateway-tls")
        {
            Description = "Where the gateway listens for TLS (HTTP/1.1 and HTTP/2), such as 0.0.0.0:7443",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => [],
        };

    public Option<string> Certificate { get; } =
        new("--certificate")
        {
            Description = "PEM file of its certificate and chain, or a folder of several by name",
            HelpName = "FILE|DIR",
        };

    public Option<string> Key { get; } =
        new("--key") { Description = "PEM file of its key [default: the certificate's file]", HelpName = "FILE" };

    public Option<string> ClientCa { get; } =
        new("--client-ca")
        {
            Description = "PEM file of those who vouch for clients' certificates, whose subject then names the client",
            HelpName = "FILE",
        };

    public Option<string> ClientCertificates { get; } =
        new("--client-certificates") { Description = "optional (the default) or required", HelpName = "WHICH" };

    public Option<string> ClientHeader { get; } =
        new("--client-header")
        {
            Description = "From whom Mint-Client is believed: loopback (the default), anybody or nobody",
            HelpName = "WHOM",
        };

    public Option<string> ClientLimits { get; } =
        new("--client-limits")
        {
            Description = "What clients may take of the gateway, such as connections=5000,each=50",
            HelpName = "NAME=N,…",
        };

    public Option<string[]> H2c { get; } =
        new("--gateway-h2c")
        {
            Description = "Loopback address where the gateway listens for HTTP/2 without TLS",
            HelpName = "ADDRESS",
            DefaultValueFactory = _ => [],
        };

    /// <summary>The n-th address is the n-th gateway's; the certificate is the same for all.</summary>
    /// <exception cref="FormatException">
    /// TLS without a certificate, or a certificate without TLS, or more addresses than gateways.
    /// </exception>
    public IReadOnlyList<GatewayDoors> Of(ParseResult given, int gateways)
    {
        var (tls, h2c) = (given.GetRequiredValue(Tls), given.GetRequiredValue(H2c));
        var (certificate, key) = (given.GetValue(Certificate), given.GetValue(Key));
        if (tls.Length == 0 != certificate is null || (key is not null && certificate is null))
            throw new FormatException("--gateway-tls and --certificate FILE [--key FILE] go together");
        if (tls.Length > gateways || h2c.Length > gateways)
            throw new FormatException("--gateway-tls and --gateway-h2c: one address at most for each --gateway");
        var (authorities, wanted) = (given.GetValue(ClientCa), given.GetValue(ClientCertificates));
        if (authorities is not null && tls.Length == 0)
            throw new FormatException("--client-ca is for clients of --gateway-tls");
        if (wanted is not (null or "optional" or "required") || (wanted is not null && authorities is null))
            throw new FormatException("--client-certificates is optional or required, and goes with --client-ca");
        var header = given.GetValue(ClientHeader);
        if (header is not (null or "loopback" or "anybody" or "nobody"))
            throw new FormatException("--client-header is loopback, anybody or nobody");
        var limits = given.GetValue(ClientLimits);
        Mintmark.Gateway.ClientLimits.Parse(limits);
        var named = new GatewayDoors(null, null, null, null) { ClientHeader = header, ClientLimits = limits };
        var secured = named with
        {
            Certificate = Full(certificate),
            Key = Full(key),
            ClientCa = Full(authorities),
            ClientCertificates = wanted,
        };
        return
        [
            .. Enumerable
                .Range(0, gateways)
                .Select(i => i < tls.Length ? secured with { Tls = tls[i] } : named)
                .Select((doors, i) => doors with { H2c = h2c.ElementAtOrDefault(i) }),
        ];
    }

    private static string? Full(string? file) => string.IsNullOrEmpty(file) ? file : Path.GetFullPath(file);
}
