using System.Text.Json;

namespace Mintmark.Releases;

/// <summary>
/// Release after release of a service declares the same, byte for byte: it is read once, and in memory once.
/// </summary>
internal static class KnownManifests
{
    private const int Slots = 64;

    [ThreadStatic]
    private static (byte[] Json, Manifest Manifest)[]? known;

    /// <returns>Null where the bytes are no manifest.</returns>
    public static Manifest? Of(ReadOnlySpan<byte> json)
    {
        known ??= new (byte[], Manifest)[Slots];
        var hash = new HashCode();
        hash.AddBytes(json);
        ref var slot = ref known[hash.ToHashCode() & (Slots - 1)];
        if (slot.Json is not null && json.SequenceEqual(slot.Json))
            return slot.Manifest;
        try
        {
            if (JsonSerializer.Deserialize(json, Wire.Default.Manifest) is not { } manifest)
                return null;
            slot = (json.ToArray(), manifest);
            return manifest;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
