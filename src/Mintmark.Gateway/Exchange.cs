using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway.Plain;
using Mintmark.Gateway.Shadows;
using Mintmark.Gateway.Surges;
using Mintmark.Route;

namespace Mintmark.Gateway;

/// <summary>One request on its way to an instance and back.</summary>
/// <param name="path">And query, as the instance gets them.</param>
sealed class Exchange(LiveArm arm, LiveTarget target, Seat? seat, Caller? newcomer, string path, Address address)
{
    public const string MarkHeader = "Mint-Mark";
    public const string RequestHeader = "Mint-Request";

    /// <summary>So that a service can tell. Of a client nobody believes it: it is taken off.</summary>
    public const string ProbeHeader = "Mint-Probe";

    private const string ValueHeader = "Mint-Value";

    /// <summary>Requests of other gateways of the home, with other remainders, have other numbers.</summary>
    private const int Apart = 1024;
    private static long count = Random.Shared.Next(Apart);

    private UpstreamConnection? connection;
    private long lease;

    public LiveArm Arm => arm;

    public Seat? Seat => seat;

    public string Path => path;

    /// <summary>Of those that the instance has at once; null where nobody counts them.</summary>
    public Place? Place { get; set; }

    public string? Prefix => address.Prefix;

    /// <summary>Who may get a copy of it; null for nobody.</summary>
    public LiveShadow? Shadow => IsAside ? null : address.Service.Shadow;

    /// <summary>It is one: nobody waits for the answer.</summary>
    public bool IsCopy { get; init; }

    public RetryBudget Retries => address.Service.Retries;

    /// <summary>Its version was asked for by its own address.</summary>
    public bool IsAside => address.Only is not null;

    public LiveTarget Target { get; private set; } = target;

    public string Id { get; private set; } = Name(arm, target);

    /// <summary>By bit, the declared signals that the answer carried.</summary>
    public uint Signalled { get; private set; }

    /// <summary>The answer says so, though its status does not: as those of gRPC do, which are all 200.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>What the answer said is at stake; null where it did not say.</summary>
    public string? Value { get; private set; }

    /// <summary>When the answer's head had come, a timestamp; 0 before.</summary>
    public long Heard { get; private set; }

    /// <summary>Of the request's content, as far as it was sent on; null where nobody counts.</summary>
    public long? BytesIn { get; private set; } = 0;

    /// <summary>Of the answer's content, likewise.</summary>
    public long? BytesOut { get; private set; } = 0;

    /// <summary>When it must have ended, as <see cref="Environment.TickCount64"/>.</summary>
    public long Until { get; } = arm.Limits.Total is { } total ? Environment.TickCount64 + total : long.MaxValue;

    public void Hear() => Heard = Stopwatch.GetTimestamp();

    public void Took(long bytes) => BytesIn += bytes;

    public void Gave(long bytes) => BytesOut += bytes;

    /// <summary>What passes is not the content of a request and an answer.</summary>
    public void IsNotCounted() => (BytesIn, BytesOut) = (null, null);

    public void TurnTo(LiveTarget other) => (Target, Id) = (other, Name(arm, other));

    public void Has(UpstreamConnection its) => (connection, lease) = (its, its.Lease);

    /// <summary>Ends its connection, unless that has gone on to another exchange by now.</summary>
    public void CutOff() => connection?.Cut(lease);

    /// <summary>Takes what is between the service and us: clients get none of it.</summary>
    /// <returns>Whether it was that.</returns>
    public bool Hears(string header, string? value)
    {
        if (
            header is not ['M' or 'm', ..]
            || !header.StartsWith(HeaderRules.Reserved, StringComparison.OrdinalIgnoreCase)
        )
        {
            if (arm.SpeaksHttp2 && header.Equals(GrpcStatus.Header, StringComparison.OrdinalIgnoreCase))
                HasFailed |= GrpcStatus.IsFailure(value);
            return false;
        }
        if (header.Equals(SignalHeader.Name, StringComparison.OrdinalIgnoreCase))
            Signalled |= SignalHeader.Read(value, arm.Version);
        else if (header.Equals(ValueHeader, StringComparison.OrdinalIgnoreCase))
            Value = Value is null ? value : $"{Value},{value}";
        return true;
    }

    public void Stamp(HttpResponse response) => Stamp(response, response.Headers);

    /// <param name="headers">The response's.</param>
    public void Stamp(HttpResponse response, IHeaderDictionary headers)
    {
        headers[MarkHeader] = arm.MarkText;
        headers[RequestHeader] = Id;
        newcomer?.Keep(response);
    }

    private static string Name(LiveArm arm, LiveTarget target) =>
        RequestId.Text(
            arm.MarkText,
            target.Instance,
            DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            Interlocked.Add(ref count, Apart),
            arm.Gateway
        );
}
