using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>Writes an event as JSON, its kind first.</summary>
internal static class EventWriter
{
    private static readonly FrozenDictionary<Type, string> Kinds = typeof(Event)
        .GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
        .ToFrozenDictionary(kind => kind.DerivedType, kind => (string)kind.TypeDiscriminator!);

    public static void Write(Utf8JsonWriter json, Event what)
    {
        var type = what.GetType();
        var fields = JsonSerializer.SerializeToUtf8Bytes(what, Wire.Default.GetTypeInfo(type)!);
        // Between its braces are its fields, which come behind the kind.
        json.WriteRawValue(
            fields.Length == 2
                ? [.. "{\"$type\":\""u8, .. Encoding.UTF8.GetBytes(Kinds[type]), .. "\"}"u8]
                : [.. "{\"$type\":\""u8, .. Encoding.UTF8.GetBytes(Kinds[type]), .. "\","u8, .. fields.AsSpan(1)],
            skipInputValidation: true
        );
    }
}
