using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Mintmark.Gateway.Shadows;

namespace Mintmark.Gateway.Plain;

/// <summary>What an instance reads before the body.</summary>
static class RequestHead
{
    /// <param name="chunked">The body's length is not known.</param>
    public static void Write(ByteText into, HttpContext context, Exchange exchange, bool chunked)
    {
        var request = context.Request;
        into.Add(request.Method);
        into.Add(" "u8);
        into.Add(exchange.Path);
        into.Add(" HTTP/1.1\r\nHost: "u8);
        into.Add(request.Host.Value ?? "");
        into.Add("\r\n"u8);
        if (chunked)
        {
            into.Add("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (request.ContentLength is { } length)
        {
            into.Add("Content-Length: "u8);
            into.Add(length);
            into.Add("\r\n"u8);
        }
        else if (!IsSafe(request.Method))
        {
            into.Add("Content-Length: 0\r\n"u8);
        }
        if (request.Headers.Expect.Count > 0)
            into.Add("Expect: 100-continue\r\n"u8);
        var nominated = request.Headers.Connection;
        foreach (var (name, values) in request.Headers)
        {
            if (IsPassed(name, nominated))
                Write(into, name, values);
        }
        WriteOurs(into, context, exchange);
        into.Add("\r\n"u8);
    }

    /// <summary>As <see cref="Ours"/>, without an enumerator for each request.</summary>
    private static void WriteOurs(ByteText into, HttpContext context, Exchange exchange)
    {
        into.Add(Exchange.RequestHeader);
        into.Add(": "u8);
        into.Add(exchange.Id);
        into.Add("\r\nX-Forwarded-For: "u8);
        into.Add(context.Connection.RemoteIpAddress?.ToString() ?? "");
        into.Add("\r\nX-Forwarded-Proto: "u8);
        into.Add(context.Request.Scheme);
        into.Add("\r\nX-Forwarded-Host: "u8);
        into.Add(context.Request.Host.Value ?? "");
        into.Add("\r\n"u8);
        if (exchange.Seat is not { Probe: true } && !exchange.IsCopy && exchange.Prefix is null)
            return;
        foreach (var (name, value) in Rare(exchange))
            Write(into, name, value);
    }

    /// <summary>What we say of a request.</summary>
    public static IEnumerable<(string Name, string Value)> Ours(HttpContext context, Exchange exchange)
    {
        yield return (Exchange.RequestHeader, exchange.Id);
        yield return ("X-Forwarded-For", context.Connection.RemoteIpAddress?.ToString() ?? "");
        yield return ("X-Forwarded-Proto", context.Request.Scheme);
        yield return ("X-Forwarded-Host", context.Request.Host.Value ?? "");
        foreach (var rare in Rare(exchange))
            yield return rare;
    }

    private static IEnumerable<(string Name, string Value)> Rare(Exchange exchange)
    {
        if (exchange.Seat is { Probe: true })
            yield return (Exchange.ProbeHeader, "1");
        if (exchange.IsCopy)
            yield return (Copy.Header, "1");
        if (exchange.Prefix is { } prefix)
            yield return ("X-Forwarded-Prefix", prefix);
    }

    /// <summary>Repeating it changes nothing (RFC 9110, section 9.2.1).</summary>
    public static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);

    private static bool IsPassed(string name, StringValues nominated) =>
        !HeaderRules.IsHopByHop(name)
        && !HeaderRules.IsForged(name)
        && !name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase)
        && (nominated.Count == 0 || HeaderRules.IsOurs(name) || !IsNominated(name, nominated));

    private static bool IsNominated(string name, StringValues nominated)
    {
        foreach (var line in nominated)
        {
            foreach (var part in line.AsSpan().Split(','))
            {
                if (line.AsSpan(part).Trim(" \t").Equals(name, StringComparison.OrdinalIgnoreCase))
                    return true;
            }
        }
        return false;
    }

    private static void Write(ByteText into, string name, StringValues values)
    {
        foreach (var value in values)
        {
            into.Add(name);
            into.Add(": "u8);
            into.Add(value ?? "");
            into.Add("\r\n"u8);
        }
    }
}
