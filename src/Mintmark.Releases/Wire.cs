using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>Entries and states as JSON. The bytes in the log are this JSON in its canonical form.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    Converters = [typeof(UtcConverter), typeof(DecimalConverter)]
)]
[JsonSerializable(typeof(Entry))]
[JsonSerializable(typeof(State))]
[JsonSerializable(typeof(Release))]
public sealed partial class Wire : JsonSerializerContext
{
    /// <summary>The event is written as what it is: as one of all kinds, each start would compile them all.</summary>
    public static byte[] ToJson(Entry entry)
    {
        var written = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(written);
        json.WriteStartObject();
        json.WritePropertyName("at");
        JsonSerializer.Serialize(json, entry.At, Default.DateTimeOffset);
        json.WritePropertyName("by");
        JsonSerializer.Serialize(json, entry.By, Default.Actor);
        json.WritePropertyName("event");
        EventWriter.Write(json, entry.Event);
        json.WriteEndObject();
        json.Flush();
        return written.WrittenSpan.ToArray();
    }

    public static Entry ToEntry(ReadOnlySpan<byte> json) => EntryReader.Read(json) ?? ReadAny(json);

    /// <summary>
    /// The general reader: it says what an entry is, and what is wrong where there is none. An event of an old form
    /// comes back as what it means today.
    /// </summary>
    internal static Entry ReadAny(ReadOnlySpan<byte> json)
    {
        var entry = JsonSerializer.Deserialize(json, Default.Entry) ?? throw new JsonException("an entry is an object");
        var current = Releases.Event.Current(entry.Event);
        return ReferenceEquals(current, entry.Event) ? entry : entry with { Event = current };
    }

    public static byte[] ToJson(State state) => JsonSerializer.SerializeToUtf8Bytes(state, Default.State);

    public static State ToState(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Default.State) ?? throw new JsonException("a state is an object");
}
