using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Mintmark.Gateway;

/// <summary>
/// What was worked out lately from texts that come again and again, such as cookies. It never grows: a text has two
/// places, by a hash that nobody outside can foresee, and displaces what came before the last there. Texts may be
/// secret, so they are compared in a time that does not tell how alike they are.
/// </summary>
sealed class Recent<T>
    where T : struct
{
    private const int Places = 4_096;
    private const int LongestText = 128;

    private readonly Known?[] known = new Known?[Places];

    public T? Find(ReadOnlySpan<char> text)
    {
        var place = Place(text);
        return Find(text, place) ?? Find(text, place + 1);
    }

    public void Keep(ReadOnlySpan<char> text, T value)
    {
        if (text.Length > LongestText)
            return;
        var place = Place(text);
        if (Volatile.Read(ref known[place]) is { } before && !Is(before, text))
            Volatile.Write(ref known[place + 1], before);
        Volatile.Write(ref known[place], new Known(text.ToString(), value));
    }

    private T? Find(ReadOnlySpan<char> text, int place) =>
        Volatile.Read(ref known[place]) is { } there && Is(there, text) ? there.Value : null;

    /// <summary>
    /// Whatever differs, it looks at all. .NET's own comparison of this kind goes byte by byte and is never optimized:
    /// it was a hundredth of a request.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool Is(Known there, ReadOnlySpan<char> text)
    {
        if (there.Text.Length != text.Length)
            return false;
        var known = MemoryMarshal.AsBytes(there.Text.AsSpan());
        var given = MemoryMarshal.AsBytes(text);
        var words = MemoryMarshal.Cast<byte, ulong>(known);
        var differs = 0UL;
        for (var i = 0; i < words.Length; i++)
            differs |= words[i] ^ MemoryMarshal.Read<ulong>(given[(i * sizeof(ulong))..]);
        for (var i = words.Length * sizeof(ulong); i < known.Length; i++)
            differs |= (uint)(known[i] ^ given[i]);
        return differs == 0;
    }

    /// <summary>The first of the two.</summary>
    private static int Place(ReadOnlySpan<char> text) =>
        string.GetHashCode(text, StringComparison.Ordinal) & (Places - 2);

    private sealed record Known(string Text, T Value);
}
