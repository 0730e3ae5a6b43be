using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Mintmark.Gateway.Guard;
using Mintmark.Releases;

namespace Mintmark.Gateway;

/// <summary>The gateway's own answer, as problem details (RFC 9457).</summary>
/// <param name="RetryAfter">Seconds.</param>
/// <param name="Blame">Where the client had it in hand; null where it had not.</param>
/// <param name="Closes">Nobody can say where the next request on the connection would begin.</param>
sealed record Refusal(
    int Status,
    string Title,
    string Detail,
    int? RetryAfter = null,
    Reason? Blame = null,
    bool Closes = false
)
{
    public static readonly Refusal NoTable = new(
        StatusCodes.Status503ServiceUnavailable,
        "No routes yet",
        "The gateway has started and waits for its first route table from the control plane.",
        RetryAfter: 1
    );

    public static readonly Refusal Tunnel = new(
        StatusCodes.Status405MethodNotAllowed,
        "Method not allowed",
        "The gateway opens no tunnels.",
        Blame: Reason.Tunnel
    );

    public static readonly Refusal Method = BadRequest(
        StatusCodes.Status400BadRequest,
        "Names of methods are in capitals: GET, HEAD, POST (RFC 9110, section 9.1)."
    ) with
    {
        Blame = Reason.Malformed,
    };

    public static readonly Refusal Connection = BadRequest(
        StatusCodes.Status400BadRequest,
        "The request has headers of a connection, which HTTP/2 has not (RFC 9113, section 8.2.2)."
    ) with
    {
        Blame = Reason.Http2,
    };

    public static readonly Refusal Name = BadRequest(
        StatusCodes.Status400BadRequest,
        "A header has a name with characters that no name has (RFC 9110, section 5.1)."
    ) with
    {
        Blame = Reason.Http2,
    };

    public static readonly Refusal Coding = BadRequest(
        StatusCodes.Status400BadRequest,
        "Transfer-Encoding is chunked, once, and of HTTP/1.1 (RFC 9112, section 6.1)."
    ) with
    {
        Blame = Reason.Malformed,
        Closes = true,
    };

    public static readonly Refusal Path = BadRequest(
        StatusCodes.Status400BadRequest,
        "The path has segments of dots, which servers take for different paths, or characters that no path has."
    ) with
    {
        Blame = Reason.Path,
    };

    public static readonly Refusal Crowded = new(
        StatusCodes.Status429TooManyRequests,
        "Too many requests at once",
        "As many requests are under way from this address as may be.",
        RetryAfter: 1,
        Blame: Reason.RequestsOfOne
    );

    public static readonly Refusal Exhausted = new(
        StatusCodes.Status503ServiceUnavailable,
        "The gateway is exhausted",
        "The gateway has no descriptor, no port or no memory left for a connection to an instance.",
        RetryAfter: 1
    );

    public static Refusal Unknown(string host, string path) =>
        new(
            StatusCodes.Status404NotFound,
            "Unknown service",
            $"No service answers to host {host} and path {path}. "
                + "Call SERVICE.localhost, a host of the service's own, "
                + "or any other host with a path that starts with /s/SERVICE/.",
            Blame: Reason.UnknownService
        );

    public static Refusal NotLive(string mark) =>
        new(
            StatusCodes.Status404NotFound,
            "Unknown version",
            $"{mark} is none of the versions that are in service here or compared."
        );

    public static Refusal Halted(string what, string reason) =>
        new(StatusCodes.Status503ServiceUnavailable, "Halted", $"{what} is halted: {reason}", RetryAfter: 10);

    public static Refusal NoVersion(string service) =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            "No version in service",
            $"No version of {service} is in service yet.",
            RetryAfter: 5
        );

    /// <summary>What we send HTTP/2 with has no words for it.</summary>
    public static readonly Refusal NoPath = new(
        StatusCodes.Status501NotImplemented,
        "Not implemented",
        "OPTIONS * is not passed on to instances of HTTP/2: ask for a path."
    );

    public static Refusal NoInstance(string mark) =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            "No healthy instance",
            $"No instance of {mark} is healthy.",
            RetryAfter: 1
        );

    /// <param name="after">Seconds until there may be one more.</param>
    /// <param name="clients">Of one address, who share it.</param>
    public static Refusal TooMany(Rate rate, int after, int clients = 1) =>
        new(
            StatusCodes.Status429TooManyRequests,
            "Too many requests",
            clients == 1
                ? $"One client may send {rate} here."
                : $"The clients of one address may send {clients} times {rate} here.",
            RetryAfter: after,
            Blame: Reason.Rate
        );

    public static Refusal Overrun(string service, int after) =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            "Too many requests",
            $"{service} gets more requests than it takes.",
            RetryAfter: after
        );

    public static Refusal Busy(string mark) =>
        new(
            StatusCodes.Status503ServiceUnavailable,
            "Busy",
            $"The instances of {mark} have as many requests as they can answer at once.",
            RetryAfter: 1
        );

    public static Refusal NoAnswer(int status, string instance, string why) =>
        new(
            status,
            "No answer from the instance",
            $"{instance} did not answer: {why}.",
            status == StatusCodes.Status503ServiceUnavailable ? 1 : null
        );

    public static Refusal BadRequest(int status, string detail) => new(status, "Bad request", detail);

    /// <returns>Bytes of its content.</returns>
    public async Task<int> WriteAsync(HttpContext context)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new Problem("about:blank", Title, Status, Detail),
            GatewayWire.Default.Problem
        );
        var response = context.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (Closes)
            response.Headers.Connection = "close";
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/problem+json";
        response.ContentLength = content.Length;
        await response.Body.WriteAsync(content);
        return content.Length;
    }
}

sealed record Problem(string Type, string Title, int Status, string Detail);

/// <param name="Revision">Of the table in force; 0 for none.</param>
/// <param name="Since">When it was put, also if that was before the gateway's start.</param>
/// <param name="FromDisk">The control plane has put none since the gateway's start.</param>
/// <param name="AccessLog">The folder of the access log; null where none is kept.</param>
/// <param name="Listen">Its address, as it was told; null where it was to take any free port.</param>
/// <param name="Tls">Where it listens for TLS, with the files of its certificate; null for nowhere.</param>
/// <param name="H2c">Where it listens for HTTP/2 without TLS; null for nowhere.</param>
/// <param name="Build">Names the program, as whoever started it does.</param>
sealed record InForce(
    long Revision,
    DateTimeOffset? Since,
    bool FromDisk,
    string? AccessLog = null,
    string? Listen = null,
    string? Tls = null,
    string? Certificate = null,
    string? Key = null,
    string? H2c = null,
    string? Build = null,
    string? ClientCa = null,
    string? ClientCertificates = null,
    string? ClientHeader = null,
    string? ClientLimits = null,
    bool? GivenWay = null,
    string? Gateway = null
);

sealed record Memory(long HeapBytes, long AllocatedBytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(InForce))]
[JsonSerializable(typeof(Memory))]
sealed partial class GatewayWire : JsonSerializerContext;
