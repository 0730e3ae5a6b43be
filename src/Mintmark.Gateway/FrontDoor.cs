using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway.Guard;
using Mintmark.Gateway.Lines;
using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Shadows;
using Mintmark.Gateway.Succession;
using Mintmark.Gateway.Surges;
using Mintmark.Gateway.Telemetry;
using Mintmark.Gateway.Tls;
using Mintmark.Gateway.Wire;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>Every request of every client comes in here.</summary>
sealed class FrontDoor(
    Switchboard board,
    Lots lots,
    Callers callers,
    Ways ways,
    Shadower shadower,
    AccessLog? log,
    Recorder? recorder,
    Visitors visitors,
    TurnedAway turnedAway
)
{
    public async Task HandleAsync(HttpContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var asked = default(Asked);
        recorder?.Begin(context);
        if (visitors.AreLeaving)
            Visitors.SeeOff(context);
        Exchange? exchange = null;
        Refusal? refusal = null;
        var party = context.Features.Get<Party>();
        if (party?.TryEnter() == false)
            (party, refusal) = (null, Refusal.Crowded);
        try
        {
            refusal ??= Admission.Refuse(context);
            if (refusal is null)
                (exchange, refusal) = Enter(context, ref asked);
            if (exchange is null)
            {
                if (refusal!.Blame is { } why)
                    turnedAway.Add(context.Connection.RemoteIpAddress, why);
                var bytes = await refusal.WriteAsync(context);
                log?.Add(Line.Refused(context, asked, refusal, bytes, started));
                recorder?.Refused(context, asked.Service, refusal.Status);
                return;
            }
            // Who is new has no identity until it comes again.
            exchange.Retries.Earn();
            exchange.Arm.Version.Clients.Saw(asked.Caller is { IsNew: false } known ? known.Digest : null);
            try
            {
                shadower.Listen(context, exchange);
                var delivery = await ways.SendAsync(context, exchange);
                if (delivery.Fault != Fault.None)
                    delivery = await MendAsync(context, exchange, delivery);
                var took = Stopwatch.GetElapsedTime(started);
                board.Settle(exchange, delivery.Judge(context.Response.StatusCode), took, Upgrades.CameAbout(context));
                log?.Add(Line.Forwarded(context, asked, exchange, delivery, started));
                recorder?.Forwarded(context, exchange, delivery, took);
                shadower.Add(context, exchange, delivery, took);
            }
            finally
            {
                Shadower.Forget(context);
                exchange.Target.Leave();
                exchange.Place?.Leave(answered: false);
                board.Noted();
            }
        }
        finally
        {
            party?.Leave();
        }
    }

    /// <summary>Again only where the table was swapped between looking and entering.</summary>
    private (Exchange?, Refusal?) Enter(HttpContext context, ref Asked asked)
    {
        Exchange? exchange;
        Refusal? refusal;
        do
        {
            (exchange, refusal) = Admit(context, ref asked);
        } while (exchange is not null && !TryEnter(exchange));
        return (exchange, refusal);
    }

    private static bool TryEnter(Exchange exchange)
    {
        if (exchange.Target.TryEnter())
            return true;
        exchange.Place?.Leave(answered: false);
        return false;
    }

    private (Exchange?, Refusal?) Admit(HttpContext context, ref Asked asked)
    {
        var table = board.Table;
        var request = context.Request;
        if (table.Revision == 0)
            return (null, Refusal.NoTable);
        if (HttpMethods.IsConnect(request.Method) && !Upgrades.IsExtended(context))
            return (null, Refusal.Tunnel);
        if (HeaderRules.Refuse(request) is { } malformed)
            return (null, malformed);
        if (Address.Find(table, request) is not { } address)
            return (null, Refusal.Unknown(request.Host.Value ?? "", request.Path.Value ?? ""));
        var service = address.Service;
        asked.Service = service.Name;
        asked.Caller ??= callers.Find(request);
        if (table.Halted is { } everything)
            return (null, Refusal.Halted("Everything", everything));
        if (service.Halted is { } reason)
            return (null, Refusal.Halted(service.Name.Value, reason));
        if (address.Only is { } only && service.Rehearsal is { Halted: { } tried } tries && tries.Candidate == only)
            return (null, Refusal.Halted(only.MarkText, tried));
        if (RequestTarget.Of(context, address.Prefix) is not { } path)
            return (null, Refusal.Path);
        var priority = service.Surge?.PriorityOf(request.Method, path) ?? Priority.Normal;
        if (service.Surge?.Refuse(context, asked.Caller, lots, priority, service.Name) is { } over)
            return (null, over);

        if (Invite(request, ref address) is { } unknown)
            return (null, unknown);
        var split = new Split(address.Only ?? service.Baseline, OnCandidate: false, Counts: false);
        Seat? seat = null;
        if (address.Only is null && service.Comparison is { Tripped: false } comparison)
        {
            var (lot, unit) = Draw(request, comparison.Declared, ref asked.Caller);
            split = service.Split(lot);
            if (split.Counts)
                seat = new Seat(comparison, split.OnCandidate, unit);
        }
        if (split.Arm is null)
            return (null, Refusal.NoVersion(service.Name.Value));
        if (path == RequestTarget.Everything && split.Arm.SpeaksHttp2)
            return (null, Refusal.NoPath);
        if (split.Arm.Pick() is not { } target)
            return (null, Refusal.NoInstance(split.Arm.MarkText));
        Place? place = null;
        if (service.Surge is { } surge)
        {
            if (surge.Enter(split.Arm, target, priority) is not { } entered)
                return (null, Refusal.Busy(split.Arm.MarkText));
            (target, place) = entered;
        }
        var newcomer = asked.Caller is { IsNew: true } caller ? caller : (Caller?)null;
        return (new Exchange(split.Arm, target, seat, newcomer, path, address) { Place = place }, null);
    }

    /// <summary>A version without a lot, for who names it or is a guest of the step.</summary>
    private static Refusal? Invite(HttpRequest request, ref Address address)
    {
        if (address is not { Only: null, Service.Comparison: { } comparison })
            return null;
        if (comparison.Guests.Asked(request) is { } mark)
        {
            address = address with { Only = address.Service.Live(mark) };
            // Who tests a version is not to take the answers of another for its own.
            var isWorse = comparison.Tripped && address.Only?.Mark == comparison.Candidate.Mark;
            return isWorse || address.Only is null ? Refusal.NotLive(mark) : null;
        }
        if (comparison is { Tripped: false, Candidate.CanAnswer: true } && comparison.Guests.Has(request))
            address = address with { Only = comparison.Candidate };
        return null;
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
        caller ??= callers.New();
        // Who is new comes again with the cookie he gets, and is the same unit then.
        var lot = caller.Value.IsNew
            ? lots.Draw(declared.Release, caller.Value.Key)
            : lots.DrawAgain(declared.Release, caller.Value);
        return (lot, lot.Client);
    }

    /// <summary>What can still be done: ask another instance, say why, or break off.</summary>
    private async ValueTask<Delivery> MendAsync(HttpContext context, Exchange exchange, Delivery delivery)
    {
        if (delivery.Fault == Fault.NotReached)
            delivery = await TryOthersAsync(context, exchange, delivery);
        if (delivery.Fault == Fault.None || context.RequestAborted.IsCancellationRequested)
            return delivery;
        if (context.Response.HasStarted)
        {
            // The client must not take for whole what is not.
            context.Abort();
            return delivery;
        }
        Clear(context);
        exchange.Stamp(context.Response);
        exchange.Gave(await delivery.Explain(exchange).WriteAsync(context));
        return delivery;
    }

    /// <summary>
    /// No instance has read anything of it, so the others may, each once; after one that let it wait for a connection
    /// just one more.
    /// </summary>
    private async ValueTask<Delivery> TryOthersAsync(HttpContext context, Exchange exchange, Delivery delivery)
    {
        var others = exchange.Arm.Targets.Remove(exchange.Target);
        var isLast = false;
        while (delivery.Fault == Fault.NotReached)
        {
            exchange.Target.FoundDeaf();
            if (isLast || Environment.TickCount64 >= exchange.Until || !TryTurn(exchange, ref others, ref delivery))
                break;
            isLast = delivery.Status == StatusCodes.Status504GatewayTimeout;
            Clear(context);
            delivery = await ways.SendAsync(context, exchange);
        }
        return delivery;
    }

    /// <returns>False where there is no other instance, no room at it, or no retry left for it.</returns>
    private static bool TryTurn(Exchange exchange, ref ImmutableArray<LiveTarget> others, ref Delivery delivery)
    {
        var isFull = false;
        while (LiveArm.Pick(others) is { } other)
        {
            others = others.Remove(other);
            // A table that came meanwhile may have dropped it.
            if (!other.TryEnter())
                continue;
            if (exchange.Place is { } place)
            {
                if (place.MoveTo(other.Limit) is not { } there)
                {
                    isFull = true;
                    other.Leave();
                    continue;
                }
                exchange.Place = there;
            }
            if (!exchange.Retries.TrySpend())
            {
                other.Leave();
                delivery = delivery.WithoutRetry();
                return false;
            }
            exchange.Target.Leave();
            exchange.TurnTo(other);
            return true;
        }
        if (isFull)
            delivery = delivery.WithoutRoom();
        return false;
    }

    /// <summary>Of what an instance said, and not of what is said of the connection.</summary>
    private void Clear(HttpContext context)
    {
        context.Response.Clear();
        if (visitors.AreLeaving)
            Visitors.SeeOff(context);
    }
}
