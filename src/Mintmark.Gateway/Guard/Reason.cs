using System.Diagnostics;

namespace Mintmark.Gateway.Guard;

/// <summary>Why somebody was turned away or cut off who had it in hand.</summary>
enum Reason
{
    /// <summary>As many connections as there may be are open.</summary>
    Connections,

    /// <summary>As many as one address may have.</summary>
    ConnectionsOfOne,

    Handshake,
    Malformed,
    HeadersTooLarge,
    TargetTooLong,
    HeadTooSlow,
    ContentTooSlow,
    ReadsTooSlow,

    /// <summary>What is no HTTP/2, or beyond its limits.</summary>
    Http2,

    /// <summary>Frames that ask for work and bring none.</summary>
    Frames,

    /// <summary>Streams that were opened to be reset.</summary>
    Resets,
    Path,
    Tunnel,
    UnknownService,
    Rate,

    /// <summary>As many requests under way as one address may have.</summary>
    RequestsOfOne,
}

static class ReasonWords
{
    public static readonly IReadOnlyList<Reason> All = Enum.GetValues<Reason>();

    /// <summary>As JSON and metrics have it.</summary>
    public static string Word(this Reason reason) =>
        reason switch
        {
            Reason.Connections => "connections",
            Reason.ConnectionsOfOne => "connections-of-one",
            Reason.Handshake => "handshake",
            Reason.Malformed => "malformed",
            Reason.HeadersTooLarge => "headers-too-large",
            Reason.TargetTooLong => "target-too-long",
            Reason.HeadTooSlow => "head-too-slow",
            Reason.ContentTooSlow => "content-too-slow",
            Reason.ReadsTooSlow => "reads-too-slow",
            Reason.Http2 => "http2",
            Reason.Frames => "frames",
            Reason.Resets => "resets",
            Reason.Path => "path",
            Reason.Tunnel => "tunnel",
            Reason.UnknownService => "unknown-service",
            Reason.Rate => "rate",
            Reason.RequestsOfOne => "requests-of-one",
            _ => throw new UnreachableException($"a reason that is not known: {reason}"),
        };

    /// <summary>As the access log says it to people.</summary>
    public static string Title(this Reason reason) =>
        reason switch
        {
            Reason.Connections => "Too many connections",
            Reason.ConnectionsOfOne => "Too many connections of one address",
            Reason.Handshake => "No handshake",
            Reason.HeadersTooLarge => "Headers too large",
            Reason.TargetTooLong => "Target too long",
            Reason.HeadTooSlow => "Too slow",
            Reason.ContentTooSlow => "Content too slow",
            Reason.ReadsTooSlow => "Reads too slowly",
            Reason.Frames => "Too many frames",
            Reason.Resets => "Too many resets",
            Reason.Malformed or Reason.Http2 => "Malformed",
            _ => throw new UnreachableException($"a request says why itself: {reason}"),
        };
}
