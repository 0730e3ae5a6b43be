using System.Globalization;
using System.Net;
using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Telemetry;
using Mintmark.Gateway.Tls;

namespace Mintmark.Gateway;

/// <param name="Home">Mintmark's folder; the gateway keeps to <see cref="Folder"/> in it.</param>
/// <param name="Listen">A loopback address; port 0 takes any free port.</param>
public sealed record GatewayOptions(string Home, IPEndPoint Listen)
{
    public const string Usage =
        "Mintmark.Gateway --home DIR [--name NAME] [--build ID] [--replace] [--await-table SECONDS] "
        + "[--listen 127.0.0.1:7480] "
        + "[--h2c 127.0.0.1:7481] [--tls 0.0.0.0:7443 --certificate FILE|DIR [--key FILE] "
        + "[--client-ca FILE [--client-certificates optional|required]]] "
        + "[--client-header loopback|anybody|nobody] [--client-limits NAME=N,…] "
        + "[--access-log off|DIR] [--otlp off|URL]";

    private const string ReplaceOption = "--replace";
    private const string LimitsOption = "--client-limits";
    private const string AwaitOption = "--await-table";

    private static readonly string[] Known =
    [
        "--home",
        "--name",
        "--build",
        AwaitOption,
        "--listen",
        "--h2c",
        "--tls",
        "--certificate",
        "--key",
        "--client-ca",
        "--client-certificates",
        "--client-header",
        LimitsOption,
        "--access-log",
        "--otlp",
    ];

    public static readonly IPEndPoint DefaultListen = new(IPAddress.Loopback, 7480);

    /// <summary>
    /// A loopback address for HTTP/2 without TLS, as gRPC clients on this machine speak it; null for none.
    /// </summary>
    public IPEndPoint? H2c { get; init; }

    /// <summary>Any address of this machine; null for none.</summary>
    public IPEndPoint? Tls { get; init; }

    /// <summary>Where <see cref="Tls"/> is.</summary>
    public CertificatePaths? Certificate { get; init; }

    /// <summary>Of one beside the first of its home: 1 to 32 of a-z, 0-9 and -; null for the first.</summary>
    public string? Name { get; init; }

    /// <summary>Takes the place of the gateway that runs on the folder, with its sockets.</summary>
    public bool Replace { get; init; }

    /// <summary>
    /// So long clients wait outside at its start for the control plane to send a route table: the one on disk may be
    /// from before a halt. Zero where nobody is about to send one.
    /// </summary>
    public TimeSpan AwaitTable { get; init; }

    /// <summary>For so long a connection to an instance is kept that nobody uses.</summary>
    public TimeSpan KeepIdle { get; init; } = Connections.LongestIdle;

    /// <summary>Names the program, as whoever started it does; null where nobody did.</summary>
    public string? Build { get; init; }

    /// <summary>What this gateway keeps, for itself alone.</summary>
    public string Folder => FolderOf(Home, Name);

    public static string FolderOf(string home, string? name) =>
        name is null ? Path.Combine(home, "gateway") : Path.Combine(home, "gateways", name);

    /// <summary>PEM file of those who vouch for clients of <see cref="Tls"/>; null where these show nothing.</summary>
    public string? ClientAuthorities { get; init; }

    /// <summary>Who shows no certificate does not come in; else they are clients as of old.</summary>
    public bool AreClientsRequired { get; init; }

    /// <summary>From whom <see cref="Caller.Header"/> is believed.</summary>
    public ClientHeader ClientHeader { get; init; }

    public ClientLimits ClientLimits { get; init; } = new();

    /// <summary>As they were given; null where none were.</summary>
    public string? GivenLimits { get; init; }

    public string Places() => string.Join(" or ", new[] { Listen, Tls, H2c }.OfType<IPEndPoint>());

    /// <summary>The folder of the access log; null where none is kept.</summary>
    public string? AccessLog { get; init; } = Path.Combine(Home, "gateway", "access");

    /// <summary>Null where nobody gets traces and metrics.</summary>
    public TelemetryOptions? Telemetry { get; init; }

    /// <param name="environment">By name of a variable; null for none.</param>
    /// <exception cref="FormatException">Says what is wrong and what is accepted.</exception>
    public static GatewayOptions Parse(IReadOnlyList<string> arguments, Func<string, string?>? environment = null)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        var replace = arguments.Contains(ReplaceOption);
        arguments = [.. arguments.Where(a => a != ReplaceOption)];
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (!Known.Contains(arguments[i]))
                throw new FormatException($"unknown option {arguments[i]}: {Usage}");
            given[arguments[i]] =
                i + 1 < arguments.Count
                    ? arguments[i + 1]
                    : throw new FormatException($"{arguments[i]} wants a value: {Usage}");
        }
        var home = given.GetValueOrDefault("--home") ?? throw new FormatException($"--home is missing: {Usage}");
        var listen = given.TryGetValue("--listen", out var text) ? ParseListen(text) : DefaultListen;
        var (root, name) = (Path.GetFullPath(home), ParseName(given.GetValueOrDefault("--name")));
        var options = new GatewayOptions(root, listen)
        {
            Name = name,
            Replace = replace,
            Build = given.GetValueOrDefault("--build"),
            AwaitTable = ParseSeconds(AwaitOption, given.GetValueOrDefault(AwaitOption)),
            AccessLog = Path.Combine(FolderOf(root, name), "access"),
            H2c = given.TryGetValue("--h2c", out var h2c) ? ParseListen(h2c) : null,
            Tls = given.TryGetValue("--tls", out var tls) ? ParseAddress(tls) : null,
            Certificate = ParseCertificate(given),
            ClientAuthorities = ParseAuthorities(given),
            AreClientsRequired = given.GetValueOrDefault("--client-certificates") == "required",
            ClientHeader = ParseHeader(given.GetValueOrDefault("--client-header")),
            ClientLimits = ClientLimits.Parse(given.GetValueOrDefault(LimitsOption)),
            GivenLimits = given.GetValueOrDefault(LimitsOption),
            Telemetry = TelemetryOptions.Parse(given.GetValueOrDefault("--otlp"), environment ?? (_ => null)),
        };
        return given.GetValueOrDefault("--access-log") switch
        {
            null => options,
            "off" => options with { AccessLog = null },
            var log => options with { AccessLog = Path.GetFullPath(log) },
        };
    }

    /// <exception cref="FormatException">The text is no address and port, or not on the loopback interface.</exception>
    public static IPEndPoint ParseListen(string text) =>
        ParseAddress(text) is var address && IPAddress.IsLoopback(address.Address)
            ? address
            : throw new FormatException(
                $"the gateway does not listen on {text} without TLS: it takes loopback addresses only, such as "
                    + $"{DefaultListen}; --tls takes any"
            );

    private static IPEndPoint ParseAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon].Trim('[', ']');
        return
            ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && IPAddress.TryParse(host == "localhost" ? "127.0.0.1" : host, out var address)
            ? new IPEndPoint(address, port)
            : throw new FormatException($"'{text}' is no address to listen on, such as {DefaultListen}");
    }

    private static TimeSpan ParseSeconds(string option, string? seconds) =>
        seconds is null ? TimeSpan.Zero
        : int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var some) && some is >= 0 and <= 60
            ? TimeSpan.FromSeconds(some)
        : throw new FormatException($"{option}: '{seconds}' is no number of seconds, of 0 to 60");

    private static string? ParseName(string? name) =>
        name is null or { Length: > 0 and <= 32 }
        && (name ?? "").All(c => char.IsAsciiLetterLower(c) || c == '-' || char.IsAsciiDigit(c))
            ? name
            : throw new FormatException($"--name: '{name}' is no name of a gateway: 1 to 32 of a-z, 0-9 and -");

    private static string? ParseAuthorities(Dictionary<string, string> given)
    {
        var file = given.GetValueOrDefault("--client-ca");
        var wanted = given.GetValueOrDefault("--client-certificates");
        if (file is not null && !given.ContainsKey("--tls"))
            throw new FormatException($"--client-ca is for clients of --tls: {Usage}");
        if (wanted is not (null or "optional" or "required") || (wanted is not null && file is null))
            throw new FormatException(
                $"--client-certificates is optional or required, and goes with --client-ca: {Usage}"
            );
        return file is null ? null : Path.GetFullPath(file);
    }

    private static ClientHeader ParseHeader(string? whose) =>
        whose switch
        {
            null or "loopback" => ClientHeader.Loopback,
            "anybody" => ClientHeader.Anybody,
            "nobody" => ClientHeader.Nobody,
            _ => throw new FormatException($"--client-header: '{whose}' is none of loopback, anybody and nobody"),
        };

    private static CertificatePaths? ParseCertificate(Dictionary<string, string> given)
    {
        var certificate = given.GetValueOrDefault("--certificate");
        var key = given.GetValueOrDefault("--key");
        if (given.ContainsKey("--tls") != (certificate is not null) || (key is not null && certificate is null))
            throw new FormatException($"--tls and --certificate go together: {Usage}");
        return certificate is null
            ? null
            : new CertificatePaths(Path.GetFullPath(certificate), Path.GetFullPath(key ?? certificate));
    }
}
