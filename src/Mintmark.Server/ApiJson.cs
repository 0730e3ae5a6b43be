using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
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

    /// <summary>
    /// For who is asked: a request that lacks what no default stands for is refused, and what it lacks is named.
    /// </summary>
    public static void ConfigureAsked(JsonSerializerOptions json)
    {
        Configure(json);
        json.TypeInfoResolver = (json.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).WithAddedModifier(Require);
    }

    private static void Require(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.AssociatedParameter is { HasDefaultValue: false } given)
                property.IsRequired = !IsLeftOut(given);
        }
    }

    /// <summary>Null says that it is, and so does false.</summary>
    private static bool IsLeftOut(JsonParameterInfo given) =>
        given.ParameterType.IsValueType
            ? given.ParameterType == typeof(bool) || Nullable.GetUnderlyingType(given.ParameterType) is not null
            : given.IsNullable;

    private static JsonSerializerOptions Configured()
    {
        var json = new JsonSerializerOptions(JsonSerializerDefaults.Web);
        Configure(json);
        json.MakeReadOnly(populateMissingResolver: true);
        return json;
    }
}
