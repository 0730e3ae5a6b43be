using System.Globalization;

namespace Mintmark.Gateway.Telemetry;

/// <summary>Where traces and metrics go, over OTLP. What is not here the exporter reads from its environment.</summary>
/// <param name="Endpoint">Of a collector: for HTTP the address before <c>/v1/traces</c>.</param>
/// <param name="Share">Of traces that begin here, 0 to 1; of a caller's trace, the caller says.</param>
/// <param name="ByGrpc">Else protobuf over HTTP.</param>
public sealed record TelemetryOptions(Uri Endpoint, double Share = 1, bool ByGrpc = false)
{
    public const string Off = "off";

    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ProtocolVariable = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string ShareVariable = "OTEL_TRACES_SAMPLER_ARG";

    /// <param name="given">As an option; null where it was not.</param>
    /// <param name="environment">By name of a variable.</param>
    /// <returns>Null where nothing is to be sent.</returns>
    /// <exception cref="FormatException">Says what is wrong and what is accepted.</exception>
    public static TelemetryOptions? Parse(string? given, Func<string, string?> environment)
    {
        var text = given ?? environment(EndpointVariable);
        if (text == Off || (given is null && string.IsNullOrEmpty(text)))
            return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
        {
            var name = given is null ? EndpointVariable : "--otlp";
            throw new FormatException($"{name}: '{text}' is no address of a collector, such as http://127.0.0.1:4318");
        }
        return new TelemetryOptions(
            endpoint,
            ShareOf(environment(ShareVariable)),
            environment(ProtocolVariable) switch
            {
                null or "" or "http/protobuf" => false,
                "grpc" => true,
                var other => throw new FormatException($"{ProtocolVariable}: '{other}' is none of http/protobuf, grpc"),
            }
        );
    }

    /// <summary>Where one kind of signal goes.</summary>
    internal Uri Of(string signal) => ByGrpc ? Endpoint : new Uri(Endpoint.AbsoluteUri.TrimEnd('/') + "/v1/" + signal);

    private static double ShareOf(string? text) =>
        string.IsNullOrEmpty(text) ? 1
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
        && share <= 1
            ? share
        : throw new FormatException($"{ShareVariable}: '{text}' is no number from 0 to 1, such as 0.05");
}
