using System.Text.Json;
using System.Text.Json.Serialization;
using Mintmark.Releases;

namespace Mintmark.Route;

/// <summary>Route tables and reports as JSON, between the control plane and its gateways.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    Converters = [typeof(DecimalConverter)]
)]
[JsonSerializable(typeof(RouteTable))]
[JsonSerializable(typeof(GatewayReport))]
[JsonSerializable(typeof(ConditionReport))]
[JsonSerializable(typeof(IReadOnlyList<ClientsReport>))]
public sealed partial class RouteWire : JsonSerializerContext
{
    public static byte[] ToJson(RouteTable table) => JsonSerializer.SerializeToUtf8Bytes(table, Default.RouteTable);
}
