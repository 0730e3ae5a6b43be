using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Mintmark.Gateway.Plain;
using Yarp.ReverseProxy.Forwarder;

namespace Mintmark.Gateway;

/// <summary>
/// Requests that ask for another protocol on their connection, as WebSockets do, and those to instances that speak
/// HTTP/2: YARP takes them.
/// </summary>
sealed class Upgrades(IHttpForwarder forwarder, HttpMessageInvoker http)
{
    public static HttpMessageInvoker Client() =>
        new(
            new SocketsHttpHandler
            {
                ActivityHeadersPropagator = null,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                EnableMultipleHttp2Connections = true,
                ConnectTimeout = TimeSpan.FromSeconds(2),
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(0.8),
                // Header bytes pass unchanged in both directions, whatever they mean.
                RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                UseCookies = false,
                UseProxy = false,
            },
            disposeHandler: true
        );

    /// <summary>
    /// Any other protocol that is asked for, as <c>h2c</c> is by some clients with every request, is passed over (RFC
    /// 9110, section 7.8). A POST must not go this way: without a body it would be sent again if its connection ends.
    /// </summary>
    public static bool IsOne(HttpContext context) =>
        (
            context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
            && AsksForWebSocket(context.Request)
        ) || IsExtended(context);

    private static bool AsksForWebSocket(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);

    /// <summary>A WebSocket on a stream of HTTP/2 (RFC 8441); the instance gets it as HTTP/1.1 has it.</summary>
    public static bool IsExtended(HttpContext context) =>
        HttpMethods.IsConnect(context.Request.Method)
        && context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: "websocket" };

    /// <summary>Whether it came about: what follows is no answer whose time says anything.</summary>
    public static bool CameAbout(HttpContext context) =>
        context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols
        || (context.Response.StatusCode == StatusCodes.Status200OK && IsExtended(context));

    public async ValueTask<Delivery> SendAsync(HttpContext context, Exchange exchange)
    {
        exchange.IsNotCounted();
        var request = new ForwarderRequestConfig
        {
            ActivityTimeout = TimeSpan.FromMilliseconds(exchange.Arm.Limits.Idle),
            Version = exchange.Arm.SpeaksHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var cutting = exchange.Target.Cutting;
        var error = await forwarder.SendAsync(
            context,
            exchange.Target.Address,
            http,
            request,
            new Headers(exchange),
            cutting
        );
        return error != ForwarderError.None && exchange.Target.Cut is { } halt
            ? new(Fault.Cut, halt)
            : Explain(error, context) with
            {
                HasFailed = exchange.HasFailed,
            };
    }

    private static Delivery Explain(ForwarderError error, HttpContext context) =>
        error switch
        {
            ForwarderError.None or ForwarderError.UpgradeActivityTimeout => new(Fault.None),
            ForwarderError.Request when Failure.IsOurs(Cause(context)?.InnerException) => new(Fault.Exhausted),
            ForwarderError.Request when NeverReached(context) => new(Fault.NotReached, "it takes no connections"),
            ForwarderError.RequestTimedOut => new(Fault.TooSlow, "it took too long", context.Response.StatusCode),
            ForwarderError.Request
            or ForwarderError.RequestBodyDestination
            or ForwarderError.ResponseBodyDestination
            or ForwarderError.ResponseHeaders
            or ForwarderError.UpgradeRequestDestination
            or ForwarderError.UpgradeResponseDestination => new(Fault.Instance, "it closed the connection"),
            _ => new(Fault.Client, Status: StatusCodes.Status400BadRequest),
        };

    private static bool NeverReached(HttpContext context) =>
        !context.RequestAborted.IsCancellationRequested
        && Cause(context) is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

    private static Exception? Cause(HttpContext context) => context.Features.Get<IForwarderErrorFeature>()?.Exception;

    /// <summary>It opens a WebSocket: what follows is no answer.</summary>
    private static bool IsTunnel(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.SwitchingProtocols
        || (answer.StatusCode == HttpStatusCode.OK && answer.RequestMessage?.Method == HttpMethod.Connect);

    /// <summary>The same rules of headers as for any request, in YARP's terms.</summary>
    private sealed class Headers(Exchange exchange) : HttpTransformer
    {
        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext,
            HttpRequestMessage proxyRequest,
            string destinationPrefix,
            CancellationToken cancellationToken
        )
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            var headers = proxyRequest.Headers;
            var dropped = headers
                .NonValidated.Select(h => h.Key)
                .Where(HeaderRules.IsForged)
                .Concat(httpContext.Request.Headers.GetCommaSeparatedValues(HeaderNames.Connection))
                .Where(name => headers.NonValidated.Contains(name))
                .ToList();
            dropped.ForEach(name => headers.Remove(name));
            foreach (var (name, value) in RequestHead.Ours(httpContext, exchange))
                headers.TryAddWithoutValidation(name, value);
            proxyRequest.RequestUri = new Uri(destinationPrefix + exchange.Path);
        }

        public override async ValueTask<bool> TransformResponseAsync(
            HttpContext httpContext,
            HttpResponseMessage? proxyResponse,
            CancellationToken cancellationToken
        )
        {
            if (proxyResponse is not null)
                Hear(proxyResponse);
            var copyBody = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
            foreach (var (name, values) in proxyResponse?.Headers.NonValidated ?? default)
            {
                foreach (var value in values)
                {
                    if (exchange.Hears(name, value))
                        httpContext.Response.Headers.Remove(name);
                }
            }
            exchange.Stamp(httpContext.Response);
            return copyBody;
        }

        private void Hear(HttpResponseMessage answer)
        {
            exchange.Hear();
            var isWell = answer.StatusCode < HttpStatusCode.InternalServerError && !IsTunnel(answer);
            exchange.Place?.Leave(answered: isWell);
        }

        public override async ValueTask TransformResponseTrailersAsync(
            HttpContext httpContext,
            HttpResponseMessage proxyResponse,
            CancellationToken cancellationToken
        )
        {
            await base.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);
            var passed = httpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers;
            foreach (var (name, values) in proxyResponse.TrailingHeaders.NonValidated)
            {
                foreach (var value in values)
                {
                    if (exchange.Hears(name, value))
                        passed?.Remove(name);
                }
            }
        }
    }
}
