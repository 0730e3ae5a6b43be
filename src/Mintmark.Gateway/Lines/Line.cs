using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Mintmark.Releases;

namespace Mintmark.Gateway.Lines;

/// <summary>What is known of a request from its head and the table.</summary>
struct Asked
{
    public ServiceName? Service;
    public Caller? Caller;
}

/// <summary>How a request and what became of it are told.</summary>
static class Line
{
    public static AccessLine Refused(HttpContext context, in Asked asked, Refusal refusal, int bytes, long started) =>
        Of(context, asked, started) with
        {
            Status = refusal.Status,
            BytesOut = bytes,
            Outcome = "refused",
            Why = refusal.Title,
        };

    public static AccessLine Forwarded(
        HttpContext context,
        in Asked asked,
        Exchange exchange,
        Delivery delivery,
        long started
    ) =>
        Of(context, asked, started) with
        {
            Request = exchange.Id,
            Mark = exchange.Arm.MarkText,
            // Who was gone by then got none.
            Status =
                delivery.Fault == Fault.Client && !context.Response.HasStarted ? null : context.Response.StatusCode,
            BytesIn = exchange.BytesIn,
            BytesOut = exchange.BytesOut,
            First = exchange.Heard == 0 ? null : Microseconds(started, exchange.Heard),
            Outcome = Word(delivery.Fault),
        };

    private static AccessLine Of(HttpContext context, in Asked asked, long started)
    {
        var total = Microseconds(started, Stopwatch.GetTimestamp());
        return new AccessLine(
            DateTime.UtcNow.AddMicroseconds(-total),
            context.Connection.RemoteIpAddress,
            Request: null,
            Mark: null,
            asked.Service?.Value,
            asked.Caller?.Digest,
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            Status: null,
            BytesIn: 0,
            BytesOut: 0,
            First: null,
            total,
            Outcome: "",
            Why: null
        );
    }

    private static string Word(Fault fault) =>
        fault switch
        {
            Fault.None => "answered",
            Fault.NotReached => "not-reached",
            Fault.Instance => "broken",
            Fault.TooSlow => "too-slow",
            Fault.Exhausted => "exhausted",
            Fault.Client => "client",
            Fault.Cut => "cut",
            _ => throw new UnreachableException($"a fault that is not known: {fault}"),
        };

    private static long Microseconds(long from, long to) => (long)Stopwatch.GetElapsedTime(from, to).TotalMicroseconds;
}
