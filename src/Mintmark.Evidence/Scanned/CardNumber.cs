using System.Globalization;

namespace Mintmark.Evidence;

/// <summary>
/// Numbers of payment cards of today's schemes (14 to 16 digits), in one piece or in the groups that are printed on
/// cards.
/// </summary>
internal static class CardNumber
{
    private const int Longest = 16;

    /// <summary>How many characters the digits at the beginning take, with single spaces or dashes.</summary>
    public static int Run(ReadOnlySpan<char> text)
    {
        var at = 0;
        while (at < text.Length)
        {
            if (char.IsAsciiDigit(text[at]))
                at++;
            else if (text[at] is ' ' or '-' && at + 1 < text.Length && char.IsAsciiDigit(text[at + 1]))
                at += 2;
            else
                break;
        }
        return at;
    }

    public static bool Is(ReadOnlySpan<char> run)
    {
        Span<char> digits = stackalloc char[Longest];
        var count = 0;
        foreach (var c in run)
        {
            if (!char.IsAsciiDigit(c))
                continue;
            if (count == Longest)
                return false;
            digits[count++] = c;
        }
        digits = digits[..count];
        return count >= 14 && IsPrinted(run, count) && IsOfAScheme(digits) && Luhn(digits);
    }

    /// <summary>Without gaps, or four by four; of 15 digits 4-6-5, of 14 4-6-4.</summary>
    private static bool IsPrinted(ReadOnlySpan<char> run, int digits)
    {
        if (run.Length == digits)
            return true;
        ReadOnlySpan<int> gaps = digits switch
        {
            16 => [4, 9, 14],
            15 => [4, 11],
            _ => [4, 11],
        };
        if (run.Length != digits + gaps.Length)
            return false;
        foreach (var gap in gaps)
            if (run[gap] != run[gaps[0]] || char.IsAsciiDigit(run[gap]))
                return false;
        return true;
    }

    private static bool IsOfAScheme(ReadOnlySpan<char> digits)
    {
        var four = int.Parse(digits[..4], CultureInfo.InvariantCulture);
        var two = four / 100;
        return digits.Length switch
        {
            16 => two is >= 40 and <= 49 or >= 51 and <= 55 or 65
                || four is >= 2221 and <= 2720 or 6011 or >= 6440 and <= 6499 or >= 3528 and <= 3589,
            15 => two is 34 or 37,
            14 => two is 36 or 38 || four is >= 3000 and <= 3059,
            _ => false,
        };
    }

    /// <summary>ISO/IEC 7812-1, annex B.</summary>
    private static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            var counted = i % 2 == 0 ? digit : digit * 2;
            sum += counted > 9 ? counted - 9 : counted;
        }
        // A row of one digit fits, too, and is nobody's.
        return sum % 10 == 0 && digits.ContainsAnyExcept(digits[0]);
    }
}
