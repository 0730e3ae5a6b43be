using System.Text.Json;

namespace Mintmark.Releases;

/// <summary>
/// One string for the texts that entry after entry repeats: names of actors, gateways and kinds of events.
/// </summary>
internal static class ShortTexts
{
    private const int Slots = 256;
    private const int Longest = 64;

    [ThreadStatic]
    private static (byte[] Utf8, string Text)[]? known;

    /// <summary>The string that the reader stands on.</summary>
    public static string Of(ref Utf8JsonReader reader)
    {
        var utf8 = reader.ValueSpan;
        if (reader.ValueIsEscaped || utf8.Length is 0 or > Longest)
            return reader.GetString()!;
        known ??= new (byte[], string)[Slots];
        ref var slot = ref known[SlotOf(utf8)];
        if (slot.Utf8 is null || !utf8.SequenceEqual(slot.Utf8))
            slot = (utf8.ToArray(), reader.GetString()!);
        return slot.Text;
    }

    private static int SlotOf(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        return hash.ToHashCode() & (Slots - 1);
    }
}
