using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Mintmark.Gateway.Plain;

/// <summary>Which headers are not passed on.</summary>
static class HeaderRules
{
    public const string Reserved = "Mint-";

    /// <summary>Those of one connection (RFC 9110, section 7.6.1), and those that we write anew.</summary>
    private static readonly FrozenSet<string> HopByHop = new[]
    {
        "Connection",
        "Content-Length",
        "Expect",
        "HTTP2-Settings",
        "Keep-Alive",
        "Proxy-Authenticate",
        "Proxy-Authentication-Info",
        "Proxy-Authorization",
        "Proxy-Connection",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether it says by HTTP/2 what only HTTP/1.1 has. Kestrel refuses two more of these, and not these.
    /// </summary>
    public static bool IsMalformed(HttpRequest request) =>
        HttpProtocol.IsHttp2(request.Protocol)
        && (
            request.Headers.TransferEncoding.Count > 0
            || request.Headers.KeepAlive.Count > 0
            || request.Headers.Upgrade.Count > 0
            || request.Headers.ContainsKey(HeaderNames.ProxyConnection)
        );

    public static bool IsHopByHop(string name) => HopByHop.Contains(name);

    /// <summary>
    /// What a client says of itself or of who was there before it, and what only Mintmark says. Many servers read
    /// <c>X_Forwarded_For</c> as <c>X-Forwarded-For</c>, so we do too.
    /// </summary>
    public static bool IsForged(string name)
    {
        if (name[0] is not ('M' or 'm' or 'X' or 'x' or 'F' or 'f'))
            return false;
        var plain = name.Contains('_', StringComparison.Ordinal) ? name.Replace('_', '-') : name;
        return plain.StartsWith("X-Forwarded", StringComparison.OrdinalIgnoreCase)
            || plain.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
            || plain.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
            || (
                plain.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase)
                && !name.Equals(Caller.Header, StringComparison.OrdinalIgnoreCase)
            );
    }
}
