using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
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
    /// <summary>A path is neither decoded nor encoded: rules of paths hold for what the instance gets.</summary>
    private static readonly UriCreationOptions AsWritten = new()
    {
        DangerousDisablePathAndQueryCanonicalization = true,
    };

    private static readonly HttpRequestOptionsKey<TimeSpan> ConnectWithin = new("mint-connect-within");
    private static readonly HttpRequestOptionsKey<LiveTarget> ConnectTo = new("mint-connect-to");

    public static HttpMessageInvoker Client() =>
        new(
            new Unheld(
                new SocketsHttpHandler
                {
                    ActivityHeadersPropagator = null,
                    AllowAutoRedirect = false,
                    AutomaticDecompression = DecompressionMethods.None,
                    EnableMultipleHttp2Connections = true,
                    ConnectCallback = ConnectAsync,
                    PooledConnectionIdleTimeout = TimeSpan.FromSeconds(0.8),
                    // Header bytes pass unchanged in both directions, whatever they mean.
                    RequestHeaderEncodingSelector = Encode,
                    ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
                    UseCookies = false,
                    UseProxy = false,
                }
            ),
            disposeHandler: true
        );

    /// <summary>
    /// Any other protocol that is asked for, as <c>h2c</c> is by some clients with every request, is passed over (RFC
    /// 9110, section 7.8). To an instance of HTTP/1.1 a POST must not go this way: without a body it would be sent
    /// again if its connection ends. By HTTP/2 it is sent again only where the instance says that it has not taken it.
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

    /// <summary>
    /// It is asked as a head is made, when what the request waited for, a connection or a free stream of HTTP/2, is its
    /// own: the last moment at which we can look for a halt.
    /// </summary>
    /// <exception cref="HaltedException">There is a halt, and nothing is sent.</exception>
    private static Encoding Encode(string name, HttpRequestMessage request)
    {
        if (request.Options.TryGetValue(ConnectTo, out var target) && target.Refusing is { } halt)
            throw new HaltedException(halt);
        return Encoding.Latin1;
    }

    /// <exception cref="SocketException">The instance takes no connection, or none in time.</exception>
    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        context.InitialRequestMessage.Options.TryGetValue(ConnectWithin, out var limit);
        context.InitialRequestMessage.Options.TryGetValue(ConnectTo, out var target);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limit);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, late.Token);
            if (target?.Refusing is { } halt)
                throw new HaltedException(halt);
            return new InTurns(socket);
        }
        catch (Exception wrong)
        {
            socket.Dispose();
            if (wrong is not HaltedException && !ct.IsCancellationRequested && target?.Refusing is { } met)
                throw new HaltedException(met);
            if (wrong is OperationCanceledException && !ct.IsCancellationRequested)
                throw new SocketException((int)SocketError.TimedOut);
            throw;
        }
    }

    public async ValueTask<Delivery> SendAsync(HttpContext context, Exchange exchange)
    {
        if (exchange.Target.Refusing is { } halted)
            return new(Fault.Cut, halted);
        var isTunnel = IsOne(context);
        if (isTunnel)
            exchange.IsNotCounted();
        var limits = exchange.Arm.Limits;
        var request = new ForwarderRequestConfig
        {
            // It is for both directions: what is none of a WebSocket's we limit ourselves.
            ActivityTimeout = isTunnel ? TimeSpan.FromMilliseconds(limits.Idle) : Timeout.InfiniteTimeSpan,
            Version = exchange.Arm.SpeaksHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var patience = new Patience(exchange);
        var unwatched = context.Request.Body;
        var body = new Watched(unwatched, AwaitRequestAsync, patience.TakeRequest, context.Request.ContentLength);
        var headers = new Headers(exchange, patience, body);
        context.Request.Body = body;
        ForwarderError error;
        try
        {
            error = await forwarder.SendAsync(context, exchange.Target.Address, http, request, headers, patience.Token);
        }
        catch (InvalidOperationException)
        {
            // The web server does not take such trailers, which YARP does not expect.
            error = ForwarderError.ResponseHeaders;
        }
        finally
        {
            context.Request.Body = unwatched;
        }
        exchange.Took(body.Taken);
        exchange.Gave(headers.Answer?.Taken ?? 0);
        var delivery =
            error == ForwarderError.None || headers.HavePassed ? new(Fault.None)
            : patience.Cut is { } halt ? new(Fault.Cut, halt)
            : patience.IsOut ? TooSlow(exchange, patience)
            : Halt(Cause(context)) is { } met ? new(Fault.Cut, met)
            : !body.HasBegun && NotReached(error, context) is { } unreached ? unreached
            : Explain(error, context, body);
        return delivery with
        {
            HasFailed = exchange.HasFailed,
            WasGivenUp = delivery.Fault == Fault.Client && IsGivenUp(context, body, patience, limits),
        };

        ValueTask AwaitRequestAsync()
        {
            patience.AwaitRequest();
            return default;
        }
    }

    /// <summary>The client left an instance that had all of the request for long.</summary>
    private static bool IsGivenUp(HttpContext context, Watched body, Patience patience, TimeLimits limits) =>
        context.RequestAborted.IsCancellationRequested
        && (body.HasEnded || context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true })
        && patience.HasWaited(limits.GivenUpAfter);

    private static Delivery TooSlow(Exchange exchange, Patience patience) =>
        patience.IsForInstance
            ? new(Fault.TooSlow, Forwarder.TooSlow(exchange), StatusCodes.Status504GatewayTimeout)
            : Delivery.Overdue;

    /// <summary>No connection was made, so another instance may be asked; null where one was made.</summary>
    private static Delivery? NotReached(ForwarderError error, HttpContext context)
    {
        if (
            error != ForwarderError.Request
            || context.RequestAborted.IsCancellationRequested
            || Cause(context) is not HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } wrong
            || Failure.IsOurs(wrong.InnerException)
        )
            return null;
        return wrong.InnerException is SocketException { SocketErrorCode: SocketError.TimedOut }
            ? new(Fault.NotReached, "it took no connection in time", StatusCodes.Status504GatewayTimeout)
            : new(Fault.NotReached, "it takes no connections");
    }

    /// <summary>The halt that came before anything was sent; null where none did.</summary>
    private static string? Halt(Exception? wrong) =>
        ((wrong as HaltedException) ?? (wrong?.InnerException as HaltedException))?.Message;

    private static Delivery Explain(ForwarderError error, HttpContext context, Watched body) =>
        error switch
        {
            ForwarderError.UpgradeActivityTimeout => new(Fault.None),
            ForwarderError.Request when Failure.IsOurs(Cause(context)?.InnerException) => new(Fault.Exhausted),
            ForwarderError.RequestTimedOut => new(Fault.TooSlow, "it took too long", context.Response.StatusCode),
            // It stops reading what the client sends where the instance has ended the exchange, too.
            ForwarderError.RequestBodyClient
            or ForwarderError.RequestBodyCanceled
                when !body.HasFailed && !context.RequestAborted.IsCancellationRequested => new(
                Fault.Instance,
                "it closed the connection"
            ),
            ForwarderError.Request
            or ForwarderError.RequestBodyDestination
            or ForwarderError.ResponseBodyDestination
            or ForwarderError.ResponseHeaders
            or ForwarderError.UpgradeRequestDestination
            or ForwarderError.UpgradeResponseDestination => new(Fault.Instance, "it closed the connection"),
            _ => new(Fault.Client, Status: StatusCodes.Status400BadRequest),
        };

    private static Exception? Cause(HttpContext context) => context.Features.Get<IForwarderErrorFeature>()?.Exception;

    /// <summary>It opens a WebSocket: what follows is no answer.</summary>
    private static bool IsTunnel(HttpResponseMessage answer) =>
        answer.StatusCode == HttpStatusCode.SwitchingProtocols
        || (answer.StatusCode == HttpStatusCode.OK && answer.RequestMessage?.Method == HttpMethod.Connect);

    /// <summary>A halt came while a connection or a stream of one was waited for, so nothing is sent.</summary>
    /// <param name="halt">Why; it may be lifted by the time that this is met.</param>
    private sealed class HaltedException(string halt) : Exception(halt);

    /// <summary>The same rules of headers as for any request, in YARP's terms.</summary>
    /// <param name="request">The body on its way to the instance.</param>
    private sealed class Headers(Exchange exchange, Patience patience, Watched request) : HttpTransformer
    {
        /// <summary>So have the answer's last: whatever becomes of the rest of the request, it was answered.</summary>
        public bool HavePassed { get; private set; }

        /// <summary>The answer's body; null where none has begun.</summary>
        public Watched? Answer { get; private set; }

        public override async ValueTask TransformRequestAsync(
            HttpContext httpContext,
            HttpRequestMessage proxyRequest,
            string destinationPrefix,
            CancellationToken cancellationToken
        )
        {
            await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
            var nominated = Nominated(httpContext.Request).ToHashSet(StringComparer.OrdinalIgnoreCase);
            Drop(proxyRequest.Headers, nominated);
            // Where the body ends is for us to say.
            nominated.Remove(HeaderNames.ContentLength);
            Drop(proxyRequest.Content?.Headers, nominated);
            foreach (var (name, value) in RequestHead.Ours(httpContext, exchange))
                proxyRequest.Headers.TryAddWithoutValidation(name, value);
            proxyRequest.RequestUri = new Uri(destinationPrefix + exchange.Path, AsWritten);
            proxyRequest.Options.Set(ConnectTo, exchange.Target);
            proxyRequest.Options.Set(Unheld.Body, request);
            proxyRequest.Options.Set(ConnectWithin, TimeSpan.FromMilliseconds(exchange.Arm.Limits.Connect));
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
            foreach (var name in Nominated(proxyResponse))
                httpContext.Response.Headers.Remove(name);
            exchange.Stamp(httpContext.Response);
            if (proxyResponse is not null && !IsTunnel(proxyResponse))
            {
                var due = HasContent(httpContext.Request, proxyResponse)
                    ? proxyResponse.Content.Headers.ContentLength
                    : null;
                var body = await proxyResponse.Content.ReadAsStreamAsync(cancellationToken);
                Answer = new Watched(body, AwaitAnswerAsync, patience.TakeAnswer, due: due);
                proxyResponse.Content = new StreamContent(Answer);
            }
            return copyBody;

            async ValueTask AwaitAnswerAsync()
            {
                // Who waits for the head, as for that of a stream of events, is not to wait for what comes after it.
                if (!httpContext.Response.HasStarted)
                    await httpContext.Response.Body.FlushAsync(cancellationToken);
                patience.AwaitAnswer();
            }
        }

        private static bool HasContent(HttpRequest request, HttpResponseMessage answer) =>
            !HttpMethods.IsHead(request.Method)
            && answer.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified);

        private static void Drop(HttpHeaders? headers, HashSet<string> nominated)
        {
            var names = headers?.NonValidated.Select(header => header.Key) ?? [];
            foreach (var name in names.Where(n => HeaderRules.IsForged(n) || nominated.Contains(n)).ToList())
                headers!.Remove(name);
        }

        private static IEnumerable<string> Nominated(HttpRequest request) =>
            request.Headers.GetCommaSeparatedValues(HeaderNames.Connection).Where(name => !HeaderRules.IsOurs(name));

        private static IEnumerable<string> Nominated(HttpResponseMessage? answer) =>
            answer?.Headers.Connection.Where(n => !n.Equals(HeaderNames.Upgrade, StringComparison.OrdinalIgnoreCase))
            ?? [];

        private void Hear(HttpResponseMessage answer)
        {
            exchange.Hear();
            var opens = IsTunnel(answer);
            patience.TakeHead(opens);
            exchange.Place?.Leave(answered: answer.StatusCode < HttpStatusCode.InternalServerError && !opens);
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
            HavePassed = true;
            var isWhole = httpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
            if (!isWhole && !request.HasEnded)
                patience.End();
        }
    }
}
