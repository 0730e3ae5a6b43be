using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Wire;
using Mintmark.Releases;
using Mintmark.Route;

namespace Mintmark.Gateway.Surges;

/// <summary>What one service takes when more comes than it can answer; lives on from table to table.</summary>
sealed class Surge
{
    /// <summary>Who has a cookie can collect more of them: those of one address have what so many have.</summary>
    private const int HoldersOfOne = 50;

    private const int LongestNetwork = 64;

    private readonly TimeProvider time;
    private readonly Refused refused;
    private readonly ClientBuckets? clients;
    private readonly Bucket service;
    private long serviceFullAt = long.MinValue;

    private Surge(SurgePlan plan, TimeProvider time, Refused refused)
    {
        (Plan, this.time, this.refused) = (plan, time, refused);
        clients = plan.Client is { } each ? new(Bucket.Of(each, time.TimestampFrequency)) : null;
        service = plan.Service is { } all ? Bucket.Of(all, time.TimestampFrequency) : default;
    }

    public SurgePlan Plan { get; }

    /// <summary>
    /// The one before where nothing has changed, so that nobody may send anew; its counts go on in any case.
    /// </summary>
    public static Surge? Next(Surge? before, SurgePlan? plan, TimeProvider time) =>
        plan is null ? null
        : before is not null && Same(before.Plan, plan) ? before
        : new Surge(plan, time, before?.refused ?? new Refused());

    /// <summary>By the first rule that fits.</summary>
    /// <param name="path">And query, as the instance gets them.</param>
    public Priority PriorityOf(string method, string path)
    {
        if (Plan.Priorities is not { } rules)
            return Priority.Normal;
        var read = RequestTarget.AsRead(path);
        foreach (var rule in rules)
        {
            if ((rule.Method ?? method).Equals(method, StringComparison.Ordinal) && RequestTarget.IsIn(read, rule.Path))
                return rule.Priority;
        }
        return Priority.Normal;
    }

    /// <summary>Whether one more may come of this client, and of all; null where it may.</summary>
    public Refusal? Refuse(HttpContext context, Caller? caller, Lots lots, Priority priority, ServiceName name)
    {
        var now = time.GetTimestamp();
        if (clients is not null && clients.Take(Who(context, caller, lots), now, part: 1) is > 0 and var wait)
        {
            refused.OfClient();
            return Refusal.TooMany(Plan.Client!, Seconds(wait));
        }
        if (clients is not null && TakeOfHolders(context, caller, lots, now) is > 0 and var later)
        {
            refused.OfClient();
            return Refusal.TooMany(Plan.Client!, Seconds(later), HoldersOfOne);
        }
        if (Plan.Service is not null && Take(now, priority.Part()) is > 0 and var until)
        {
            refused.OfService();
            return Refusal.Overrun(name.Value, Seconds(until));
        }
        return null;
    }

    /// <returns>The instance that was picked, or another that has room; null where none has.</returns>
    public (LiveTarget Target, Place? Place)? Enter(LiveArm arm, LiveTarget picked, Priority priority)
    {
        if (Plan.Concurrency == Concurrency.Unlimited)
            return (picked, null);
        if (Enter(picked, priority) is { } place)
            return (picked, place);
        foreach (var other in arm.Targets)
        {
            // One that takes no connection has room, and would be tried in vain.
            if (other != picked && !other.IsDeaf && Enter(other, priority) is { } there)
                return (other, there);
        }
        refused.Busy();
        return null;
    }

    /// <returns>Null where nothing was refused.</returns>
    public RefusedReport? Report(ServiceName name) => refused.Report(name);

    private Place? Enter(LiveTarget target, Priority priority)
    {
        var now = time.GetTimestamp();
        return target.Limit.TryEnter(now, priority) ? new Place(target.Limit, time, now, priority) : null;
    }

    private long Take(long now, double part)
    {
        while (true)
        {
            var before = Volatile.Read(ref serviceFullAt);
            var after = before;
            var wait = service.Take(ref after, now, part);
            if (wait > 0 || Interlocked.CompareExchange(ref serviceFullAt, after, before) == before)
                return wait;
        }
    }

    /// <summary>Of who is known by a cookie alone. Behind an address of this machine may be a proxy for many.</summary>
    private long TakeOfHolders(HttpContext context, Caller? caller, Lots lots, long now)
    {
        var from = context.Connection.RemoteIpAddress;
        if (caller is not { IsNew: false } || Caller.IsNamed(context.Request) || from is null)
            return 0;
        return Origin.Of(from).IsLoopback ? 0 : clients!.Take(~Network(from, lots), now, part: 1, HoldersOfOne);
    }

    /// <summary>What a client calls itself, else its cookie of ours, else where it calls from.</summary>
    private static ulong Who(HttpContext context, Caller? caller, Lots lots) =>
        caller is { IsNew: false } known ? known.Digest : Network(context.Connection.RemoteIpAddress, lots);

    /// <summary>Who has one address of IPv6 has 2^64 of them.</summary>
    private static ulong Network(IPAddress? address, Lots lots)
    {
        Span<char> text = stackalloc char[LongestNetwork];
        var length = 0;
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            address?.TryFormat(text, out length);
            return lots.Place(text[..length]);
        }
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        Convert.TryToHexString(bytes[..8], text, out length);
        return lots.Place(text[..length]);
    }

    private int Seconds(long ticks) => (int)Math.Clamp(Math.Ceiling((double)ticks / time.TimestampFrequency), 1, 3600);

    private static bool Same(SurgePlan a, SurgePlan b) =>
        a with { Priorities = null } == b with { Priorities = null }
        && (a.Priorities ?? []).SequenceEqual(b.Priorities ?? []);
}
