using System.Globalization;
using System.Net;

namespace Mintmark.Gateway;

/// <param name="Home">Mintmark's folder; the gateway keeps to <c>gateway/</c> in it.</param>
/// <param name="Listen">A loopback address; port 0 takes any free port.</param>
public sealed record GatewayOptions(string Home, IPEndPoint Listen)
{
    public const string Usage = "Mintmark.Gateway --home DIR [--listen 127.0.0.1:7480] [--access-log off|DIR]";

    public static readonly IPEndPoint DefaultListen = new(IPAddress.Loopback, 7480);

    /// <summary>The folder of the access log; null where none is kept.</summary>
    public string? AccessLog { get; init; } = Path.Combine(Home, "gateway", "access");

    /// <exception cref="FormatException">Says what is wrong and what is accepted.</exception>
    public static GatewayOptions Parse(IReadOnlyList<string> arguments)
    {
        string? home = null;
        string? log = null;
        var listen = DefaultListen;
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var value =
                i + 1 < arguments.Count
                    ? arguments[i + 1]
                    : throw new FormatException($"{arguments[i]} wants a value: {Usage}");
            switch (arguments[i])
            {
                case "--home":
                    home = Path.GetFullPath(value);
                    break;
                case "--listen":
                    listen = ParseListen(value);
                    break;
                case "--access-log":
                    log = value;
                    break;
                default:
                    throw new FormatException($"unknown option {arguments[i]}: {Usage}");
            }
        }
        var options = new GatewayOptions(home ?? throw new FormatException($"--home is missing: {Usage}"), listen);
        return log switch
        {
            null => options,
            "off" => options with { AccessLog = null },
            _ => options with { AccessLog = Path.GetFullPath(log) },
        };
    }

    /// <exception cref="FormatException">The text is no address and port, or not on the loopback interface.</exception>
    public static IPEndPoint ParseListen(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon < 0 ? "" : text[..colon].Trim('[', ']');
        if (
            !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !IPAddress.TryParse(host == "localhost" ? "127.0.0.1" : host, out var address)
        )
        {
            throw new FormatException($"'{text}' is no address to listen on, such as {DefaultListen}");
        }
        return IPAddress.IsLoopback(address)
            ? new IPEndPoint(address, port)
            : throw new FormatException(
                $"the gateway does not listen on {text}: it has no TLS and no access control yet, so it takes loopback "
                    + $"addresses only, such as {DefaultListen}"
            );
    }
}
