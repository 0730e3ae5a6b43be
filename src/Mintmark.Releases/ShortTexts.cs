using System.Text;
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
    private static (byte[] Ascii, string Text)[]? known;

    /// <summary>The string that the reader stands on.</summary>
    public static string Of(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped || !Ascii.IsValid(reader.ValueSpan) ? reader.GetString()! : Of(reader.ValueSpan);

    public static string Of(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length is 0 or > Longest)
            return Encoding.ASCII.GetString(ascii);
        known ??= new (byte[], string)[Slots];
        ref var slot = ref known[SlotOf(ascii)];
        if (slot.Ascii is null || !ascii.SequenceEqual(slot.Ascii))
            slot = (ascii.ToArray(), Encoding.ASCII.GetString(ascii));
        return slot.Text;
    }

    private static int SlotOf(ReadOnlySpan<byte> ascii)
    {
        var hash = new HashCode();
        hash.AddBytes(ascii);
        return hash.ToHashCode() & (Slots - 1);
    }
}
