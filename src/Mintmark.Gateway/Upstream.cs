using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace Mintmark.Gateway;

/// <summary>The way to instances, and whose fault it is when it fails.</summary>
static class Upstream
{
    public static readonly ForwarderRequestConfig Request = new()
    {
        ActivityTimeout = TimeSpan.FromSeconds(100),
        Version = HttpVersion.Version11,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    /// <summary>
    /// A request that meets a connection which the instance is just closing fails, and must not be repeated if it
    /// changes something. So connections are not kept idle for as long as instances keep them (2 s with gunicorn, 5 s
    /// with Node and uvicorn, 130 s with Kestrel): they are closed within twice this time.
    /// </summary>
    private static readonly TimeSpan IdleConnections = TimeSpan.FromSeconds(0.8);

    public static HttpMessageInvoker Client() =>
        new(
            new SocketsHttpHandler
            {
                ActivityHeadersPropagator = null,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = TimeSpan.FromSeconds(2),
                EnableMultipleHttp2Connections = false,
                PooledConnectionIdleTimeout = IdleConnections,
                // Header bytes pass unchanged in both directions, whatever they mean.
                RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                UseCookies = false,
                UseProxy = false,
            },
            disposeHandler: true
        );

    /// <summary>No connection was made, so nothing of the request was sent or read.</summary>
    public static bool NeverReached(HttpContext context, ForwarderError error) =>
        error == ForwarderError.Request
        && !context.RequestAborted.IsCancellationRequested
        && Cause(context) is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    public static Outcome Judge(HttpContext context, ForwarderError error)
    {
        var answered =
            context.Response.StatusCode >= StatusCodes.Status500InternalServerError ? Outcome.Failed : Outcome.Answered;
        return error switch
        {
            ForwarderError.None or ForwarderError.UpgradeActivityTimeout => answered,
            // The instance answered without reading all of the request: its right.
            ForwarderError.RequestBodyDestination when context.Response.HasStarted => answered,
            ForwarderError.Request
            or ForwarderError.RequestTimedOut
            or ForwarderError.RequestBodyDestination
            or ForwarderError.ResponseBodyDestination
            or ForwarderError.ResponseHeaders
            or ForwarderError.UpgradeRequestDestination
            or ForwarderError.UpgradeResponseDestination => Outcome.Failed,
            ForwarderError.RequestCreation
            or ForwarderError.RequestCanceled
            or ForwarderError.RequestBodyCanceled
            or ForwarderError.RequestBodyClient
            // Or the instance fell silent in the middle of its answer: that is not told apart, but it is slow.
            or ForwarderError.ResponseBodyCanceled
            or ForwarderError.ResponseBodyClient
            or ForwarderError.UpgradeRequestCanceled
            or ForwarderError.UpgradeRequestClient
            or ForwarderError.UpgradeResponseCanceled
            or ForwarderError.UpgradeResponseClient => Outcome.Abandoned,
            _ => throw new UnreachableException($"a forwarder error that is not known: {error}"),
        };
    }

    public static Refusal Explain(HttpContext context, Exchange exchange, ForwarderError error)
    {
        var status = context.Response.StatusCode;
        var instance = $"{exchange.Target.Instance} of {exchange.Arm.Mark}";
        return error switch
        {
            ForwarderError.RequestBodyClient => Refusal.BadRequest(status, "The request's body could not be read."),
            ForwarderError.RequestCreation => Refusal.BadRequest(
                StatusCodes.Status400BadRequest,
                "The request cannot be forwarded."
            ),
            ForwarderError.RequestTimedOut => Refusal.NoAnswer(status, instance, "it took too long"),
            ForwarderError.ResponseHeaders => Refusal.NoAnswer(status, instance, "its headers cannot be passed on"),
            _ when NeverReached(context, error) => Refusal.NoAnswer(status, instance, "it takes no connections"),
            _ => Refusal.NoAnswer(status, instance, "it closed the connection"),
        };
    }

    private static Exception? Cause(HttpContext context) => context.Features.Get<IForwarderErrorFeature>()?.Exception;
}
