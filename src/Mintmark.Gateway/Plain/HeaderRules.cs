using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Mintmark.Gateway.Guard;

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
    /// What it says that another server may read otherwise: a method that is a known one but for capitals, which it is
    /// not (RFC 9110, section 9.1), so that some would answer <c>head</c> with content; by HTTP/2 what only HTTP/1.1
    /// has, of which Kestrel refuses other two; by HTTP/1.1 codings that are not just chunked (RFC 9112, section 6.1);
    /// names that are none (RFC 9110, section 5.1), which may be two fields, or the end of all, to who reads them.
    /// </summary>
    /// <returns>Null where there is nothing.</returns>
    public static Refusal? Refuse(HttpRequest request)
    {
        if (!HttpMethods.GetCanonicalizedValue(request.Method).Equals(request.Method, StringComparison.Ordinal))
            return Refusal.Method;
        var headers = request.Headers;
        var codings = headers.TransferEncoding;
        var isHttp2 = HttpProtocol.IsHttp2(request.Protocol);
        if (!isHttp2)
        {
            if (codings.Count > 0 && !IsChunked(codings, request.Protocol))
                return Refusal.Coding;
        }
        else if (
            codings.Count > 0
            || headers.KeepAlive.Count > 0
            || headers.Upgrade.Count > 0
            || headers.ContainsKey(HeaderNames.ProxyConnection)
        )
        {
            return Refusal.Connection;
        }
        foreach (var (name, _) in headers)
        {
            if (!Syntax.IsToken(name))
                return isHttp2 ? Refusal.Name : Refusal.Name with { Blame = Reason.Malformed, Closes = true };
        }
        return null;
    }

    private static bool IsChunked(StringValues codings, string protocol) =>
        codings.Count == 1
        && HttpProtocol.IsHttp11(protocol)
        && codings[0].AsSpan().Trim(" \t").Equals("chunked", StringComparison.OrdinalIgnoreCase);

    public static bool IsHopByHop(string name) => HopByHop.Contains(name);

    /// <summary>
    /// What the gateway says of a request by headers that clients have too: none takes them off by naming them in
    /// <c>Connection</c>, or an instance would not know whose certificate was shown.
    /// </summary>
    public static bool IsOurs(string name) =>
        name.Equals(Caller.Header, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.TraceParent, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.TraceState, StringComparison.OrdinalIgnoreCase)
        || name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase);

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
