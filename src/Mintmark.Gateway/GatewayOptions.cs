using System.Globalization;
using System.Net;

namespace Mintmark.Gateway;

/// <param name="Home">Mintmark's folder; the gateway keeps to <c>gateway/</c> in it.</param>
/// <param name="Listen">A loopback address; port 0 takes any free port.</param>
public sealed record GatewayOptions(string Home, IPEndPoint Listen)
{
    public const string Usage = "Mintmark.Gateway --home DIR [--listen 127.0.0.1:7480]";

    public static readonly IPEndPoint DefaultListen = new(IPAddress.Loopback, 7480);

    /// <exception cref="FormatException">Says what is wrong and what is accepted.</exception>
    public static GatewayOptions Parse(IReadOnlyList<string> arguments)
    {
        string? home = null;
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
                default:
                    throw new FormatException($"unknown option {arguments[i]}: {Usage}");
            }
        }
        return new GatewayOptions(home ?? throw new FormatException($"--home is missing: {Usage}"), listen);
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
