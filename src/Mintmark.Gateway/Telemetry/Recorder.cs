using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Mintmark.Releases;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Mintmark.Gateway.Telemetry;

/// <summary>
/// Spans and metrics of requests. Neither has path, query or client in it: these may be personal, and a collector may
/// be anywhere. A request's id leads to its line in the access log.
/// </summary>
sealed class Recorder : IDisposable
{
    private const string Name = "Mintmark.Gateway";

    private readonly ActivitySource source = new(Name);
    private readonly Meter meter = new(Name);
    private readonly Switchboard board;
    private readonly Counter<long> requests;
    private readonly Histogram<double> duration;
    private readonly Counter<long> refusals;
    private readonly TracerProvider traces;
    private readonly MeterProvider metrics;

    /// <param name="gateway">Names this run of it.</param>
    public Recorder(TelemetryOptions options, string gateway, Switchboard board, Gauges gauges)
    {
        this.board = board;
        requests = meter.CreateCounter<long>("mint.requests", "{request}", "Requests that an instance was to answer");
        duration = meter.CreateHistogram<double>("http.server.request.duration", "s", "From the head to the last byte");
        refusals = meter.CreateCounter<long>("mint.refusals", "{request}", "Requests that the gateway answered itself");
        meter.CreateObservableUpDownCounter("http.server.active_requests", InFlight, "{request}", "By version");
        meter.CreateObservableCounter("mint.retries", Retries, "{request}", "Requests that were sent again");
        gauges.Show(meter);
        var resource = ResourceBuilder
            .CreateEmpty()
            .AddService("mintmark-gateway", serviceVersion: Version, serviceInstanceId: gateway)
            .AddEnvironmentVariableDetector();
        traces = Sdk.CreateTracerProviderBuilder()
            .AddSource(Name)
            .SetResourceBuilder(resource)
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.Share)))
            .AddOtlpExporter(exporter => Configure(exporter, options, "traces"))
            .Build();
        metrics = Sdk.CreateMeterProviderBuilder()
            .AddMeter(Name)
            .SetResourceBuilder(resource)
            .AddOtlpExporter(exporter => Configure(exporter, options, "metrics"))
            .Build();
    }

    /// <summary>
    /// Begins the span of a request, which goes on with its caller's trace; the instance goes on with it in turn. It is
    /// the current one until it ends, so that a request holds no more than without telemetry.
    /// </summary>
    public void Begin(HttpContext context)
    {
        var headers = context.Request.Headers;
        // Else a trace that is none would go on with whatever this thread did before.
        Activity.Current = null;
        var span = source.StartActivity("request", ActivityKind.Server, TraceContext.Of(headers) ?? default);
        TraceContext.Write(headers, span);
    }

    public void Refused(HttpContext context, ServiceName? service, int status)
    {
        var tags = new TagList { { "mint.service", service?.Value ?? "" }, { "mint.status", Class(status) } };
        refusals.Add(1, tags);
        using var span = Activity.Current;
        Describe(span, context, service?.Value, status);
        span?.SetTag("mint.refused", value: true);
    }

    public void Forwarded(HttpContext context, Exchange exchange, Delivery delivery, TimeSpan took)
    {
        var (status, service) = (context.Response.StatusCode, exchange.Arm.Mark.Service.Value);
        var outcome = delivery.Judge(status);
        var tags = new TagList
        {
            { "mint.service", service },
            { "mint.mark", exchange.Arm.MarkText },
            { "mint.status", Class(status) },
        };
        duration.Record(took.TotalSeconds, tags);
        tags.Add("mint.outcome", Word(outcome));
        requests.Add(1, tags);
        using var span = Activity.Current;
        Describe(span, context, service, status);
        if (span is not { IsAllDataRequested: true })
            return;
        span.SetTag("mint.mark", exchange.Arm.MarkText);
        span.SetTag("mint.instance", exchange.Target.Instance.ToString());
        span.SetTag("mint.request", exchange.Id);
        if (outcome == Outcome.Failed)
            span.SetStatus(ActivityStatusCode.Error, delivery.Why);
    }

    /// <summary>What is not sent yet is, within a few seconds.</summary>
    public void Dispose()
    {
        traces.Dispose();
        metrics.Dispose();
        source.Dispose();
        meter.Dispose();
    }

    private static string Version => typeof(Recorder).Assembly.GetName().Version?.ToString() ?? "0";

    private static void Configure(OtlpExporterOptions exporter, TelemetryOptions options, string signal)
    {
        exporter.Protocol = options.ByGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        exporter.Endpoint = options.Of(signal);
    }

    private static void Describe(Activity? span, HttpContext context, string? service, int status)
    {
        if (span is not { IsAllDataRequested: true })
            return;
        var method = Method(context.Request.Method);
        span.DisplayName = service is null ? method : $"{method} {service}";
        span.SetTag("http.request.method", method);
        span.SetTag("http.response.status_code", status);
        span.SetTag("url.scheme", context.Request.Scheme);
        span.SetTag("network.protocol.version", context.Request.Protocol["HTTP/".Length..]);
        if (service is not null)
            span.SetTag("mint.service", service);
    }

    /// <summary>Clients may send any word as a method: as a name there are ten.</summary>
    private static string Method(string method) =>
        HttpMethods.GetCanonicalizedValue(method) is var known && Methods.Contains(known) ? known : "_OTHER";

    private static readonly HashSet<string> Methods =
    [
        HttpMethods.Get,
        HttpMethods.Head,
        HttpMethods.Post,
        HttpMethods.Put,
        HttpMethods.Patch,
        HttpMethods.Delete,
        HttpMethods.Options,
        HttpMethods.Trace,
        HttpMethods.Connect,
    ];

    private static string Class(int status) =>
        status switch
        {
            < 200 => "1xx",
            < 300 => "2xx",
            < 400 => "3xx",
            < 500 => "4xx",
            _ => "5xx",
        };

    private static string Word(Outcome outcome) =>
        outcome switch
        {
            Outcome.Answered => "answered",
            Outcome.Failed => "failed",
            _ => "abandoned",
        };

    private IEnumerable<Measurement<long>> InFlight() =>
        board
            .Table.Targets.Values.GroupBy(t => t.Mark)
            .Select(g => new Measurement<long>(
                g.Sum(t => (long)t.InFlight),
                new KeyValuePair<string, object?>("mint.service", g.Key.Service.Value),
                new KeyValuePair<string, object?>("mint.mark", g.Key.ToString())
            ));

    private IEnumerable<Measurement<long>> Retries() =>
        board.Table.Services.Values.Select(s => new Measurement<long>(
            s.Retries.Spent,
            new KeyValuePair<string, object?>("mint.service", s.Name.Value)
        ));
}
