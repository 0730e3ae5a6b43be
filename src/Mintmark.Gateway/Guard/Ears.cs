using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Mintmark.Gateway.Guard;

/// <summary>
/// The web server says in its debug log alone whom it cut off for being slow and what was no HTTP/2: this hears those
/// few words and no others. What was no HTTP/1.1 it tells otherwise (<see cref="Lines.Malformed"/>).
/// </summary>
/// <param name="who">A connection that is open, by its id.</param>
sealed class Ears(Func<string, (ConnectionContext Connection, bool IsHttp2)?> who, Doorkeeper doorkeeper)
    : ILoggerProvider,
        ILogger
{
    private const string Requests = "Microsoft.AspNetCore.Server.Kestrel.BadRequests";
    private const string Http2 = "Microsoft.AspNetCore.Server.Kestrel.Http2";

    private const string Refused = "REFUSED_STREAM";

    private const int BadRequest = 17;
    private const int ContentTooSlow = 27;
    private const int ReadsTooSlow = 28;
    private const int ConnectionError = 29;
    private const int StreamError = 30;
    private const int CompressionError = 31;
    private const int StreamReset = 35;

    public static bool AreFor(string? category, LogLevel level) =>
        category is Requests or Http2 && level >= LogLevel.Debug;

    public ILogger CreateLogger(string categoryName) => this;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Debug;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        Reason? why = eventId.Id switch
        {
            BadRequest when exception is BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } =>
                Reason.HeadTooSlow,
            ContentTooSlow => Reason.ContentTooSlow,
            ReadsTooSlow => Reason.ReadsTooSlow,
            ConnectionError or StreamError or CompressionError => Reason.Http2,
            StreamReset when $"{Find(state, "error")}" == "PROTOCOL_ERROR" => Reason.Http2,
            _ => null,
        };
        if (why is not { } reason || Find(state, "ConnectionId", "TraceIdentifier") is not string id)
            return;
        // A stream's name is its connection's with its number behind.
        var known = who(id.Split(':')[0]);
        if (reason == Reason.HeadTooSlow && known is not { IsHttp2: true })
            return;
        if (known?.Connection.RemoteEndPoint is IPEndPoint remote)
            doorkeeper.Tell(remote.Address, reason);
        // Streams beyond the limit are opened by clients that have not heard of it yet.
        var isFlaw =
            eventId.Id == StreamError && exception?.Message.Contains(Refused, StringComparison.Ordinal) != true;
        if (isFlaw && known?.Connection is { } itself && Weigh(itself) is { } tooMuch)
            doorkeeper.Cut(itself, tooMuch);
    }

    public void Dispose() { }

    private static Reason? Weigh(ConnectionContext connection) =>
        connection.Features.Get<FrameCount>()?.Failed(Stopwatch.GetTimestamp());

    private static object? Find<TState>(TState state, params ReadOnlySpan<string> names)
    {
        foreach (var (name, value) in state as IReadOnlyList<KeyValuePair<string, object?>> ?? [])
        {
            if (names.Contains(name))
                return value;
        }
        return null;
    }
}
