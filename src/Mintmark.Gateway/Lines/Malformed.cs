using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using DiagnosticListener = System.Diagnostics.DiagnosticListener;

namespace Mintmark.Gateway.Lines;

/// <summary>
/// What the web server refuses before it is a request: malformed heads, floods of headers, heads that come too slowly.
/// It tells of each in one diagnostic event, with what it had understood by then.
/// </summary>
sealed class Malformed(AccessLog log, TimeProvider time) : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public static IDisposable Watch(WebApplication app, AccessLog log, TimeProvider time) =>
        app
            .Services.GetRequiredService<DiagnosticListener>()
            .Subscribe(new Malformed(log, time), name => name == Event);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value is not { Key: Event, Value: IFeatureCollection features })
            return;
        var status = (features.Get<IBadRequestExceptionFeature>()?.Error as BadHttpRequestException)?.StatusCode;
        var request = features.Get<IHttpRequestFeature>();
        log.Add(
            new AccessLine(
                time.GetUtcNow().UtcDateTime,
                features.Get<IHttpConnectionFeature>()?.RemoteIpAddress ?? IPAddress.None,
                Request: null,
                Mark: null,
                Service: null,
                Client: null,
                request?.Method ?? "",
                request?.RawTarget ?? "",
                status ?? StatusCodes.Status400BadRequest,
                BytesIn: null,
                BytesOut: null,
                First: null,
                Total: null,
                "refused",
                Why(status)
            )
        );
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    private static string Why(int? status) =>
        status switch
        {
            StatusCodes.Status408RequestTimeout => "Too slow",
            StatusCodes.Status413PayloadTooLarge => "Content too large",
            StatusCodes.Status414UriTooLong => "Target too long",
            StatusCodes.Status431RequestHeaderFieldsTooLarge => "Headers too large",
            _ => "Malformed",
        };
}
