using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>By hand: most entries of a log are counts, so this decides how fast a log is folded.</summary>
public sealed class ArmTallyConverter : JsonConverter<ArmTally>
{
    public override ArmTally Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("counts are an object");
        long? requests = null,
            errors = null,
            errorUnits = null,
            slow = null,
            slowUnits = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("requests"u8))
                requests = Count(ref reader);
            else if (reader.ValueTextEquals("errors"u8))
                errors = Count(ref reader);
            else if (reader.ValueTextEquals("errorUnits"u8))
                errorUnits = Count(ref reader);
            else if (reader.ValueTextEquals("slow"u8))
                slow = Count(ref reader);
            else if (reader.ValueTextEquals("slowUnits"u8))
                slowUnits = Count(ref reader);
            else
                throw new JsonException($"counts have no '{reader.GetString()}'");
        }
        return (requests, errors, errorUnits, slow, slowUnits) is ({ } r, { } e, { } eu, { } s, { } su)
            ? new ArmTally(r, e, eu, s, su)
            : throw new JsonException("counts are requests, errors, errorUnits, slow and slowUnits");
    }

    public override void Write(Utf8JsonWriter writer, ArmTally value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("requests"u8, value.Requests);
        writer.WriteNumber("errors"u8, value.Errors);
        writer.WriteNumber("errorUnits"u8, value.ErrorUnits);
        writer.WriteNumber("slow"u8, value.Slow);
        writer.WriteNumber("slowUnits"u8, value.SlowUnits);
        writer.WriteEndObject();
    }

    private static long Count(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0
            ? count
            : throw new JsonException("a count is a whole number, zero or more");
}
