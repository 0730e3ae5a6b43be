using System.Text.Json;
using System.Text.Json.Serialization;
using Mintmark.Releases;

namespace Mintmark.Server;

/// <summary>How the API writes and reads JSON; clients use the same.</summary>
public static class ApiJson
{
    public static readonly JsonSerializerOptions Options = Configured();

    public static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = false;
        json.MaxDepth = 32;
        json.Converters.Add(new UtcConverter());
        json.Converters.Add(new DecimalConverter());
    }

    private static JsonSerializerOptions Configured()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(json);
        json.MakeReadOnly(populateMissingResolver: true);
        return json;
    }
}
