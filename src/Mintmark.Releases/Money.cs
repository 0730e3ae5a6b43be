using System.Globalization;

namespace Mintmark.Releases;

/// <param name="Currency">Such as EUR; 3 to 5 of A-Z and 0-9, the first a letter.</param>
public sealed record Money(decimal Amount, string Currency)
{
    public const string Accepted =
        "an amount of at most 12 digits and 8 decimals, and a currency of 3 to 5 of A-Z and 0-9, such as 10000 EUR";

    /// <summary>What amounts are counted in: nothing is lost, and a sum of as many as there can be fits.</summary>
    public const long PartsPerUnit = 100_000_000;

    private const int MostDigits = 12;
    private const int MostDecimals = 8;

    public static bool TryParse(ReadOnlySpan<char> text, out Int128 parts, out ReadOnlySpan<char> currency)
    {
        currency = default;
        parts = 0;
        var space = text.IndexOf(' ');
        if (space < 0 || !TryAmount(text[..space], out parts) || !IsCurrency(text[(space + 1)..]))
            return false;
        currency = text[(space + 1)..];
        return true;
    }

    public static bool TryParse(string text, out Money? money)
    {
        money = TryParse(text, out var parts, out var currency) ? new(Amounted(parts), currency.ToString()) : null;
        return money is not null;
    }

    public static decimal Amounted(Int128 parts) => (decimal)parts / PartsPerUnit;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount} {Currency}");

    private static bool TryAmount(ReadOnlySpan<char> text, out Int128 parts)
    {
        parts = 0;
        var point = text.IndexOf('.');
        var digits = point < 0 ? text : text[..point];
        var decimals = point < 0 ? [] : text[(point + 1)..];
        if (digits.Length is 0 or > MostDigits || decimals.Length > MostDecimals || (point >= 0 && decimals.IsEmpty))
            return false;
        if (!TryNumber(digits, out var whole) || !TryNumber(decimals, out var fraction))
            return false;
        for (var i = decimals.Length; i < MostDecimals; i++)
            fraction *= 10;
        parts = (Int128)whole * PartsPerUnit + fraction;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            number = number * 10 + (c - '0');
        }
        return true;
    }

    private static bool IsCurrency(ReadOnlySpan<char> text)
    {
        if (text.Length is < 3 or > 5 || !char.IsAsciiLetterUpper(text[0]))
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterUpper(c) && !char.IsAsciiDigit(c))
                return false;
        }
        return true;
    }
}
