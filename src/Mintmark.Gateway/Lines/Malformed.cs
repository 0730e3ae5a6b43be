using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Mintmark.Gateway.Guard;
using DiagnosticListener = System.Diagnostics.DiagnosticListener;

namespace Mintmark.Gateway.Lines;

/// <summary>
/// What the web server refuses before it is a request: malformed heads, floods of headers, heads that come too slowly.
/// It tells of each in one diagnostic event, with what it had understood by then.
/// </summary>
sealed class Malformed(AccessLog? log, TurnedAway turnedAway, TimeProvider time)
    : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public static IDisposable Watch(WebApplication app, AccessLog? log, TurnedAway turnedAway, TimeProvider time) =>
        app
            .Services.GetRequiredService<DiagnosticListener>()
            .Subscribe(new Malformed(log, turnedAway, time), name => name == Event);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is not { Key: Event, Value: IFeatureCollection features })
            return;
        var status = (features.Get<IBadRequestExceptionFeature>()?.Error as BadHttpRequestException)?.StatusCode;
        var request = features.Get<IHttpRequestFeature>();
        var from = features.Get<IHttpConnectionFeature>()?.RemoteIpAddress ?? IPAddress.None;
        var why = Why(status);
        turnedAway.Add(from, why);
        log?.Add(
            AccessLine.TurnedAway(
                time.GetUtcNow().UtcDateTime,
                from,
                request?.Method ?? "",
                request?.RawTarget ?? "",
                status ?? StatusCodes.Status400BadRequest,
                why
            )
        );
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    private static Reason Why(int? status) =>
        status switch
        {
            StatusCodes.Status408RequestTimeout => Reason.HeadTooSlow,
            StatusCodes.Status414UriTooLong => Reason.TargetTooLong,
            StatusCodes.Status431RequestHeaderFieldsTooLarge => Reason.HeadersTooLarge,
            _ => Reason.Malformed,
        };
}
