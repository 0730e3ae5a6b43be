using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>Writes an event as JSON, its kind first.</summary>
internal static class EventWriter
{
    private static readonly FrozenDictionary<Type, byte[]> Kinds = typeof(Event)
        .GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false)
        .ToFrozenDictionary(kind => kind.DerivedType, kind => Encoding.UTF8.GetBytes((string)kind.TypeDiscriminator!));

    public static void Write(Utf8JsonWriter json, Event what)
    {
        var type = what.GetType();
        var fields = JsonSerializer.SerializeToUtf8Bytes(what, Wire.Default.GetTypeInfo(type)!);
        var hasFields = fields.Length > "{}".Length;
        json.WriteRawValue(
            [.. "{\"$type\":\""u8, .. Kinds[type], .. hasFields ? "\","u8 : "\""u8, .. fields.AsSpan(1)],
            skipInputValidation: true
        );
    }
}
