namespace Mintmark.Route;

/// <summary>Numbers from 0 on in the digits 0-9 and a-z, in their one shortest form.</summary>
static class Base36
{
    /// <summary>Digits of <see cref="long.MaxValue"/>.</summary>
    public const int MaxLength = 13;

    /// <returns>How many characters were written.</returns>
    public static int Format(long value, Span<char> into)
    {
        var at = MaxLength;
        Span<char> digits = stackalloc char[MaxLength];
        do
        {
            digits[--at] = "0123456789abcdefghijklmnopqrstuvwxyz"[(int)(value % 36)];
            value /= 36;
        } while (value > 0);
        digits[at..].CopyTo(into);
        return MaxLength - at;
    }

    public static bool TryParse(ReadOnlySpan<char> digits, out long value)
    {
        value = 0;
        if (digits.Length is 0 or > MaxLength || (digits[0] == '0' && digits.Length > 1))
            return false;
        foreach (var c in digits)
        {
            var digit =
                c is >= '0' and <= '9' ? c - '0'
                : c is >= 'a' and <= 'z' ? c - 'a' + 10
                : -1;
            if (digit < 0 || value > (long.MaxValue - digit) / 36)
                return false;
            value = value * 36 + digit;
        }
        return true;
    }
}
