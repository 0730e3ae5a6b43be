using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Mintmark.Gateway.Wire;

namespace Mintmark.Gateway.Plain;

/// <summary>
/// HTTP/1.1 to instances over connections of our own. A request is sent once; again only where it is safe and its
/// connection, used before, ended without a byte of an answer, as one does that the instance was just closing.
/// </summary>
sealed class Forwarder(Connections connections)
{
    public ValueTask<Delivery> SendAsync(HttpContext context, Exchange exchange)
    {
        var hasBody =
            context.Request.ContentLength != 0
            && (context.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody ?? true);
        return exchange.Target.Idle.Take() is { } used
            ? TalkAsync(context, exchange, used, hasBody, isUsed: true)
            : OpenAsync(context, exchange, hasBody);
    }

    [AsyncMethodBuilder(typeof(Reused<>))]
    private async ValueTask<Delivery> OpenAsync(HttpContext context, Exchange exchange, bool hasBody)
    {
        UpstreamConnection connection;
        var left = Math.Max(0, exchange.Until - Environment.TickCount64);
        var cutting = exchange.Target.Cutting;
        try
        {
            connection = await connections.OpenAsync(
                exchange.Target,
                TimeSpan.FromMilliseconds(Math.Min(exchange.Arm.Limits.Connect, left)),
                context.RequestAborted,
                cutting.Token
            );
        }
        catch (Exception wrong) when (wrong is SocketException or OperationCanceledException)
        {
            return context.RequestAborted.IsCancellationRequested ? new(Fault.Client)
                : Failure.IsOurs(wrong) ? new(Fault.Exhausted)
                : (cutting.Reason ?? exchange.Target.Refusing) is { } halted ? new(Fault.Cut, halted)
                : wrong is SocketException ? new(Fault.NotReached, "it takes no connections")
                : new(Fault.NotReached, "it took no connection in time", StatusCodes.Status504GatewayTimeout);
        }
        return await TalkAsync(context, exchange, connection, hasBody, isUsed: false);
    }

    /// <summary>All of a request and its answer, in one method: each that waits in another costs the request.</summary>
    /// <param name="isUsed">The connection was, so the instance may be closing it just now.</param>
    [AsyncMethodBuilder(typeof(Reused<>))]
    private async ValueTask<Delivery> TalkAsync(
        HttpContext context,
        Exchange exchange,
        UpstreamConnection connection,
        bool hasBody,
        bool isUsed
    )
    {
        var lease = connection.Lease;
        var (body, sending) = ((RequestBody?)null, Task.CompletedTask);
        var limits = exchange.Arm.Limits;
        var gone = Begin(context, exchange, connection);
        Delivery delivery;
        try
        {
            var length = context.Request.ContentLength;
            RequestHead.Write(connection.Out, context, exchange, chunked: hasBody && length is null);
            connection.Expect(limits.Head);
            if (hasBody)
                body = new RequestBody(context.Request.BodyReader, connection, exchange.Place, length, limits);
            var isExpecting = context.Request.Headers.Expect.Count > 0;
            if (body is null || (!isExpecting && body.TryJoin(connection.Out)))
                connection.SendOut();
            else
                sending = body.SendAsync(isExpecting, lease);
            var interim = 0;
            var toHead = HttpMethods.IsHead(context.Request.Method);
            while (!Answer.TryReadHead(connection, toHead, body, ref interim))
            {
                if (!await connection.FillAsync())
                    throw new IOException("the connection ended before an answer");
            }
            Answer.PassHead(context, exchange, connection);
            if (isExpecting && body is not null)
                await body.BeginAnswerAsync(context.Response.StartAsync);
            var whole = await Answer.PassBodyAsync(context, exchange, connection, limits);
            if (whole && connection.Head.StaysOpen && body is null or { IsSent: true })
                connection.Keep();
            delivery = new(whole ? Fault.None : Fault.Client);
        }
        catch (Exception wrong) when (Failure.IsOne(wrong))
        {
            delivery = Explain(wrong, context, exchange, connection, body);
        }
        finally
        {
            gone.Unregister();
            // After Keep this is not ours any more, and its lease is another.
            connection.Cut(lease);
            if (!sending.IsCompleted)
                body!.Stop();
            await sending;
            exchange.Took(body?.Sent ?? 0);
        }
        var mayRepeat = isUsed && !hasBody && connection.IsSilent && RequestHead.IsSafe(context.Request.Method);
        if (!mayRepeat || delivery.Fault != Fault.Instance)
            return delivery;
        return exchange.Retries.TrySpend() ? await OpenAsync(context, exchange, hasBody) : delivery.WithoutRetry();
    }

    /// <summary>
    /// From here on the time limit and a client that goes away end the connection, and a halt where requests in flight
    /// are cut; one that came while the connection was waited for does at once.
    /// </summary>
    private static CancellationTokenRegistration Begin(
        HttpContext context,
        Exchange exchange,
        UpstreamConnection connection
    )
    {
        exchange.Has(connection);
        connection.EndBy(exchange.Until);
        if (exchange.Target.Refusing is { } halted)
            connection.CutOff(halted);
        return context.RequestAborted.UnsafeRegister(static e => ((Exchange)e!).CutOff(), exchange);
    }

    private static Delivery Explain(
        Exception wrong,
        HttpContext context,
        Exchange exchange,
        UpstreamConnection connection,
        RequestBody? body
    )
    {
        if (connection.Halt is { } halt)
            return new(Fault.Cut, halt);
        if (connection.IsOverdue)
            return Delivery.Overdue;
        if (body is { Broken: not null } || context.RequestAborted.IsCancellationRequested)
        {
            var status = (body?.Broken as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
            return new(Fault.Client, "The request's body could not be read.", status)
            {
                WasGivenUp =
                    body is null or { IsSent: true }
                    && exchange.Heard == 0
                    && connection.HasWaited(exchange.Arm.Limits.GivenUpAfter, exchange.Arm.Limits.Head),
            };
        }
        if (connection.IsTooSlow)
            return new(Fault.TooSlow, TooSlow(exchange), StatusCodes.Status504GatewayTimeout);
        return new(
            Fault.Instance,
            wrong is UnclearAnswerException ? $"its answer is not clear: {wrong.Message}" : "it closed the connection"
        );
    }

    public static string TooSlow(Exchange exchange)
    {
        var limits = exchange.Arm.Limits;
        return Environment.TickCount64 > exchange.Until ? $"it took longer than {limits.Total} ms in all"
            : exchange.Heard == 0 ? $"it sent no headers within {limits.Head} ms"
            : $"it went silent for {limits.Idle} ms";
    }
}
