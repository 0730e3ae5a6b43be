using System.Net;
using Mintmark.Gateway.Guard;

namespace Mintmark.Gateway.Lines;

/// <summary>One request, answered or refused, as the access log tells it: what is null or empty is left out.</summary>
/// <param name="At">When its head had come, UTC.</param>
/// <param name="Client">A keyed digest of who called: it tells clients apart and tells nobody who they are.</param>
/// <param name="Target">As the client wrote it; the log takes the path of it, as queries hold personal data.</param>
/// <param name="BytesIn">Of the request's content; null where that was not counted, as of WebSockets.</param>
/// <param name="BytesOut">Of the answer's content.</param>
/// <param name="First">Microseconds until the instance's answer began.</param>
/// <param name="Total">Microseconds until all of the answer was handed to the client's connection.</param>
/// <param name="Why">Of a refusal, its title.</param>
readonly record struct AccessLine(
    DateTime At,
    IPAddress? From,
    string? Request,
    string? Mark,
    string? Service,
    ulong? Client,
    string Method,
    string Target,
    long? Status,
    long? BytesIn,
    long? BytesOut,
    long? First,
    long? Total,
    string Outcome,
    string? Why
)
{
    /// <summary>Bytes that any line fits in.</summary>
    public const int Longest = 8 << 10;

    private const int LongestPath = 1_024;
    private const int LongestMethod = 32;

    /// <summary>Of somebody who never got as far as a request, or of what was none.</summary>
    public static AccessLine TurnedAway(
        DateTime at,
        IPAddress from,
        string method,
        string target,
        long? status,
        Reason why
    ) =>
        new(
            at,
            from,
            Request: null,
            Mark: null,
            Service: null,
            Client: null,
            method,
            target,
            status,
            BytesIn: null,
            BytesOut: null,
            First: null,
            Total: null,
            "refused",
            why.Title()
        );

    /// <returns>How many bytes were written, the line feed among them.</returns>
    public int Write(Span<byte> into)
    {
        var line = new JsonLine(into);
        line.Add("at"u8, At);
        if (From is not null)
            line.Add("from"u8, From);
        line.Add("request"u8, Request);
        line.Add("mark"u8, Mark);
        line.Add("service"u8, Service);
        if (Client is { } client)
            line.AddDigest("client"u8, client);
        if (Method.Length > 0)
            line.Add("method"u8, Method, LongestMethod);
        if (Target.Length > 0)
            line.Add("path"u8, Path(Target), LongestPath);
        line.Add("status"u8, Status);
        line.Add("in"u8, BytesIn);
        line.Add("out"u8, BytesOut);
        line.Add("first"u8, First);
        line.Add("total"u8, Total);
        line.Add("outcome"u8, Outcome);
        line.Add("why"u8, Why);
        return line.End();
    }

    /// <summary>Without what may be a secret: the query, and a password where the target names an authority.</summary>
    private static ReadOnlySpan<char> Path(ReadOnlySpan<char> target)
    {
        var query = target.IndexOfAny('?', '#');
        var path = query < 0 ? target : target[..query];
        return path.StartsWith('/') ? path : path[(path.LastIndexOf('@') + 1)..];
    }
}
