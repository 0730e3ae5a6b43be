using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Mintmark.Gateway;

/// <summary>
/// What was worked out lately from texts that come again and again, such as cookies. It never grows: a text has one
/// place, by a hash that nobody outside can foresee, and displaces what was there. Texts may be secret, so they are
/// compared in a time that does not tell how alike they are.
/// </summary>
sealed class Recent<T>
    where T : struct
{
    private const int Places = 4_096;
    private const int LongestText = 128;

    private readonly Known?[] known = new Known?[Places];

    public T? Find(ReadOnlySpan<char> text) =>
        Volatile.Read(ref known[Place(text)]) is { } there
        && CryptographicOperations.FixedTimeEquals(
            MemoryMarshal.AsBytes(text),
            MemoryMarshal.AsBytes(there.Text.AsSpan())
        )
            ? there.Value
            : null;

    public void Keep(ReadOnlySpan<char> text, T value)
    {
        if (text.Length <= LongestText)
            Volatile.Write(ref known[Place(text)], new Known(text.ToString(), value));
    }

    private static int Place(ReadOnlySpan<char> text) =>
        string.GetHashCode(text, StringComparison.Ordinal) & (Places - 1);

    private sealed record Known(string Text, T Value);
}
