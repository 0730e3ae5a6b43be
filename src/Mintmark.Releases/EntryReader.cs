using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Mintmark.Releases;

/// <summary>
/// Reads by hand the kinds of entries that most of a log consists of, several times faster than the general reader.
/// Whatever is not plainly of such a form is left to that one, which alone decides what an entry is.
/// </summary>
internal static class EntryReader
{
    /// <returns>What the general reader would make of it; null where it must be asked.</returns>
    public static Entry? Read(ReadOnlySpan<byte> json) => CountsReader.Read(json) ?? ReadOther(json);

    private static Entry? ReadOther(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return Entry(ref reader, out var entry) && !reader.Read() ? entry : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Entry(ref Utf8JsonReader reader, [NotNullWhen(true)] out Entry? entry)
    {
        entry = null;
        var at = default(DateTimeOffset);
        if (
            !Reads(ref reader, JsonTokenType.StartObject)
            || !Property(ref reader, "at"u8)
            || !Reads(ref reader, JsonTokenType.String)
            || !reader.TryGetDateTimeOffset(out at)
            || !Property(ref reader, "by"u8)
            || !Reads(ref reader, JsonTokenType.String)
        )
            return false;
        var by = new Actor(ShortTexts.Of(ref reader));
        if (
            !Property(ref reader, "event"u8)
            || !Reads(ref reader, JsonTokenType.StartObject)
            || Event(ref reader) is not { } what
            || !Reads(ref reader, JsonTokenType.EndObject)
        )
            return false;
        entry = new Entry(at, by, what);
        return true;
    }

    private static Event? Event(ref Utf8JsonReader reader)
    {
        if (!Property(ref reader, "$type"u8) || !Reads(ref reader, JsonTokenType.String))
            return null;
        var kind = ShortTexts.Of(ref reader);
        var fields = default(EventFields);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!fields.Take(ref reader))
                return null;
        }
        return fields.As(kind);
    }

    private static bool Reads(ref Utf8JsonReader reader, JsonTokenType type) =>
        reader.Read() && reader.TokenType == type;

    private static bool Property(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        Reads(ref reader, JsonTokenType.PropertyName) && reader.ValueTextEquals(name);
}
