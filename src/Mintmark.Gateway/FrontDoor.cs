using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using Mintmark.Route;
using Yarp.ReverseProxy.Forwarder;

namespace Mintmark.Gateway;

/// <summary>Every request of every client comes in here.</summary>
sealed class FrontDoor(Switchboard board, Lots lots, IHttpForwarder forwarder, HttpMessageInvoker http)
{
    public async Task HandleAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        Caller? caller = null;
        Exchange? exchange;
        Refusal? refusal;
        do
        {
            // Again only where the table was swapped between looking and entering.
            (exchange, refusal) = Admit(context, ref caller);
        } while (exchange is not null && !exchange.Target.TryEnter());

        if (exchange is null)
        {
            await refusal!.WriteAsync(context);
            return;
        }
        try
        {
            var error = await ForwardAsync(context, exchange);
            var outcome = Upstream.Judge(context, error);
            board.Settle(
                exchange,
                outcome,
                Stopwatch.GetElapsedTime(started),
                context.Response.StatusCode == StatusCodes.Status101SwitchingProtocols
            );
        }
        finally
        {
            exchange.Target.Leave();
            board.Noted();
        }
    }

    private (Exchange?, Refusal?) Admit(HttpContext context, ref Caller? caller)
    {
        var table = board.Table;
        var request = context.Request;
        if (table.Revision == 0)
            return (null, Refusal.NoTable);
        if (HttpMethods.IsConnect(request.Method))
            return (null, Refusal.Tunnel);
        if (Address.Find(table, request) is not { } address)
            return (null, Refusal.Unknown(request.Host.Value ?? "", request.Path.Value ?? ""));
        var service = address.Service;
        if (table.Halted is { } everything)
            return (null, Refusal.Halted("Everything", everything));
        if (service.Halted is { } reason)
            return (null, Refusal.Halted(service.Name.Value, reason));

        var split = new Split(service.Baseline, OnCandidate: false, Counts: false);
        Seat? seat = null;
        if (service.Comparison is { Tripped: false } comparison)
        {
            var (lot, unit) = Draw(request, comparison.Declared, ref caller);
            split = service.Split(lot);
            if (split.Counts)
                seat = new Seat(comparison, split.OnCandidate, unit);
        }
        if (split.Arm is null)
            return (null, Refusal.NoVersion(service.Name.Value));
        return split.Arm.Pick() is { } target
            ? (new Exchange(split.Arm, target, seat, caller is { IsNew: true } ? caller : null, address), null)
            : (null, Refusal.NoInstance(split.Arm.Mark.ToString()));
    }

    /// <returns>Also the unit that it is counted with; null where the request is one of its own.</returns>
    private (Lot Lot, ulong? Unit) Draw(HttpRequest request, Comparison declared, ref Caller? caller)
    {
        if (declared.Rollout.Assignment == Assignment.Request)
        {
            if (Retry.KeyOf(request) is not { } key)
                return (Lots.Draw(), null);
            var repeated = lots.Draw(declared.Release, key);
            return (repeated, repeated.Client);
        }
        caller ??= Caller.Of(request);
        var lot = lots.Draw(declared.Release, caller.Value.Key);
        return (lot, caller.Value.IsNew ? null : lot.Client);
    }

    private async Task<ForwarderError> ForwardAsync(HttpContext context, Exchange exchange)
    {
        var error = await SendAsync(context, exchange);
        if (
            Upstream.NeverReached(context, error)
            && exchange.Arm.Pick(exchange.Target) is { } other
            && other.TryEnter()
        )
        {
            exchange.Target.Leave();
            exchange.TurnTo(other);
            context.Response.Clear();
            error = await SendAsync(context, exchange);
        }
        if (
            error != ForwarderError.None
            && !context.Response.HasStarted
            && !context.RequestAborted.IsCancellationRequested
        )
        {
            var refusal = Upstream.Explain(context, exchange, error);
            context.Response.Clear();
            exchange.Stamp(context.Response);
            await refusal.WriteAsync(context);
        }
        return error;
    }

    private ValueTask<ForwarderError> SendAsync(HttpContext context, Exchange exchange) =>
        forwarder.SendAsync(context, exchange.Target.Address, http, Upstream.Request, exchange);
}
