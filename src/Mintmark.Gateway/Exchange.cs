using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Mintmark.Route;
using Yarp.ReverseProxy.Forwarder;

namespace Mintmark.Gateway;

/// <summary>One request on its way to an instance and back, and what the gateway changes in its headers.</summary>
sealed class Exchange(LiveArm arm, LiveTarget target, Seat? seat, Caller? newcomer, Address address) : HttpTransformer
{
    public const string MarkHeader = "Mint-Mark";
    public const string RequestHeader = "Mint-Request";

    private const string ValueHeader = "Mint-Value";
    private const string Reserved = "Mint-";
    private static long count;

    private string id = Name(arm, target);

    public LiveArm Arm => arm;

    public Seat? Seat => seat;

    public LiveTarget Target { get; private set; } = target;

    /// <summary>By bit, the declared signals that the answer carried.</summary>
    public uint Signalled { get; private set; }

    /// <summary>What the answer said is at stake; null where it did not say.</summary>
    public string? Value { get; private set; }

    public void TurnTo(LiveTarget other) => (Target, id) = (other, Name(arm, other));

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext,
        HttpRequestMessage proxyRequest,
        string destinationPrefix,
        CancellationToken cancellationToken
    )
    {
        var request = httpContext.Request;
        // HttpClient sends a request without a body again when the connection closes without an answer, whatever its
        // method. With a body, if an empty one, it does not: what moves money must not be sent twice.
        if (request.ContentLength is null && proxyRequest.Content is null && !IsSafe(request.Method))
            request.Headers.ContentLength = 0;
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);

        var headers = proxyRequest.Headers;
        DropHopByHop(request.Headers, headers);
        DropReserved(headers);
        headers.TryAddWithoutValidation(RequestHeader, id);
        Replace(headers, "X-Forwarded-For", httpContext.Connection.RemoteIpAddress?.ToString());
        Replace(headers, "X-Forwarded-Proto", request.Scheme);
        Replace(headers, "X-Forwarded-Host", request.Host.Value);
        Replace(headers, "X-Forwarded-Prefix", address.Prefix);
        proxyRequest.RequestUri = RequestUtilities.MakeDestinationAddress(
            destinationPrefix,
            address.Path,
            request.QueryString
        );
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext,
        HttpResponseMessage? proxyResponse,
        CancellationToken cancellationToken
    )
    {
        var copyBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        var headers = httpContext.Response.Headers;
        if (proxyResponse is not null)
        {
            foreach (var header in proxyResponse.Headers.NonValidated)
            {
                if (!header.Key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase))
                    continue;
                // Between the service and us: clients get none of it.
                headers.Remove(header.Key);
                if (header.Key.Equals(SignalHeader.Name, StringComparison.OrdinalIgnoreCase))
                {
                    foreach (var line in header.Value)
                        Signalled |= SignalHeader.Read(line, arm.Version);
                }
                else if (header.Key.Equals(ValueHeader, StringComparison.OrdinalIgnoreCase))
                {
                    Value = header.Value.ToString();
                }
            }
        }
        Stamp(httpContext.Response);
        return copyBody;
    }

    public void Stamp(HttpResponse response)
    {
        response.Headers[MarkHeader] = Arm.Mark.ToString();
        response.Headers[RequestHeader] = id;
        newcomer?.Keep(response);
    }

    private static void DropHopByHop(IHeaderDictionary from, HttpRequestHeaders headers)
    {
        foreach (var named in from.GetCommaSeparatedValues(HeaderNames.Connection))
        {
            if (headers.NonValidated.Contains(named))
                headers.Remove(named);
        }
    }

    private static void DropReserved(HttpRequestHeaders headers)
    {
        List<string>? forged = null;
        foreach (var header in headers.NonValidated)
        {
            if (
                header.Key.StartsWith(Reserved, StringComparison.OrdinalIgnoreCase)
                && !header.Key.Equals(Caller.Header, StringComparison.OrdinalIgnoreCase)
            )
            {
                (forged ??= []).Add(header.Key);
            }
        }
        forged?.ForEach(name => headers.Remove(name));
    }

    private static void Replace(HttpRequestHeaders headers, string name, string? value)
    {
        headers.Remove(name);
        if (value is not null)
            headers.TryAddWithoutValidation(name, value);
    }

    public static string Name(LiveArm arm, LiveTarget target) =>
        new RequestId(
            arm.Mark,
            target.Instance,
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            Interlocked.Increment(ref count)
        ).ToString();

    private static bool IsSafe(string method) =>
        HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
