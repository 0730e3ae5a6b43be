using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Mintmark.Gateway.Shadows;

/// <summary>A request that is to be sent once more, after it was answered.</summary>
/// <param name="Request">Stands by itself: the client's may be over.</param>
/// <param name="Path">And query, as the instance gets them.</param>
sealed record Copy(LiveShadow Shadow, HttpContext Request, string Path, string? Prefix, Answered Baseline)
{
    /// <summary>So that the candidate can tell. Of a client nobody believes it: it is taken off.</summary>
    public const string Header = "Mint-Shadow";

    /// <param name="body">Null where it has none.</param>
    public static Copy Of(HttpContext original, Exchange exchange, LiveShadow shadow, Answered baseline, byte[]? body)
    {
        var (from, context) = (original.Request, new DefaultHttpContext());
        var to = context.Request;
        (to.Method, to.Scheme, to.Host, to.Protocol) = (from.Method, from.Scheme, from.Host, from.Protocol);
        foreach (var (name, values) in from.Headers)
            to.Headers[name] = values;
        to.Headers.Remove(HeaderNames.Expect);
        to.Headers.Remove(HeaderNames.TransferEncoding);
        to.ContentLength = body?.Length ?? from.ContentLength;
        to.Body = new MemoryStream(body ?? []);
        context.Connection.RemoteIpAddress = original.Connection.RemoteIpAddress;
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new Detected(body is not null));
        return new Copy(shadow, context, exchange.Path, exchange.Prefix, baseline);
    }

    private sealed record Detected(bool CanHaveBody) : IHttpRequestBodyDetectionFeature;
}
