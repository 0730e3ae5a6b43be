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
            units = null,
            errors = null;
        long probes = 0,
            probesFailed = 0;
        ByName<long>? bad = null;
        ByName<decimal>? value = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("requests"u8))
                requests = Count(ref reader);
            else if (reader.ValueTextEquals("units"u8))
                units = Count(ref reader);
            else if (reader.ValueTextEquals("errors"u8))
                errors = Count(ref reader);
            else if (reader.ValueTextEquals("bad"u8) && reader.Read())
                bad = ByNameConverters.Counts.Instance.Read(ref reader);
            else if (reader.ValueTextEquals("value"u8) && reader.Read())
                value = ByNameConverters.Amounts.Instance.Read(ref reader);
            else if (reader.ValueTextEquals("probes"u8))
                probes = Count(ref reader);
            else if (reader.ValueTextEquals("probesFailed"u8))
                probesFailed = Count(ref reader);
            else
                throw new JsonException($"counts have no '{reader.GetString()}'");
        }
        return (requests, units, errors, bad, value) is ({ } r, { } u, { } e, not null, not null)
            ? new ArmTally(r, u, e, bad, value, probes, probesFailed)
            : throw new JsonException("counts are requests, units, errors, bad and value");
    }

    public override void Write(Utf8JsonWriter writer, ArmTally value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteNumber("requests"u8, value.Requests);
        writer.WriteNumber("units"u8, value.Units);
        writer.WriteNumber("errors"u8, value.Errors);
        writer.WritePropertyName("bad"u8);
        ByNameConverters.Counts.Instance.Write(writer, value.Bad, options);
        writer.WritePropertyName("value"u8);
        ByNameConverters.Amounts.Instance.Write(writer, value.Value, options);
        // Counts of logs that know no probes keep the bytes that they have.
        if (value.Probes > 0)
            writer.WriteNumber("probes"u8, value.Probes);
        if (value.ProbesFailed > 0)
            writer.WriteNumber("probesFailed"u8, value.ProbesFailed);
        writer.WriteEndObject();
    }

    private static long Count(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0
            ? count
            : throw new JsonException("a count is a whole number, zero or more");
}
