using System.Globalization;

namespace Mintmark.Releases;

/// <summary>
/// Goes through canonical JSON by comparing bytes: no spaces, properties in order, and no text but plain ASCII without
/// escapes. Whatever is not so, it does not take.
/// </summary>
internal ref struct PlainText(ReadOnlySpan<byte> json)
{
    /// <summary>Fewer digits than a long can hold, so nothing overflows.</summary>
    private const int MostDigits = 18;

    private ReadOnlySpan<byte> rest = json;

    public readonly bool IsAtEnd => rest.IsEmpty;

    public bool Takes(ReadOnlySpan<byte> literal)
    {
        var isNext = rest.StartsWith(literal);
        if (isNext)
            rest = rest[literal.Length..];
        return isNext;
    }

    /// <summary>A whole number, zero or more.</summary>
    public bool Number(out long number)
    {
        number = 0;
        var digits = 0;
        while (digits < rest.Length && digits < MostDigits && rest[digits] is >= (byte)'0' and <= (byte)'9')
            number = (10 * number) + rest[digits++] - '0';
        var isOne = digits == 1 || (digits > 1 && rest[0] != '0');
        rest = rest[digits..];
        return isOne;
    }

    public bool Number(out int number)
    {
        var isOne = Number(out long any) && any <= int.MaxValue;
        number = isOne ? (int)any : 0;
        return isOne;
    }

    /// <summary>A decimal such as <c>1.50</c>, zero or more, and the quote that ends it.</summary>
    public bool Amount(out decimal amount)
    {
        amount = 0;
        return Text(out ReadOnlySpan<byte> digits)
            && decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out amount);
    }

    public bool Bool(out bool value)
    {
        value = Takes("true"u8);
        return value || Takes("false"u8);
    }

    /// <summary>Whether a list has one more: none are read, or a comma is next. Its end is left there.</summary>
    public bool Goes<T>(List<T> read) => read.Count == 0 ? !rest.StartsWith("]"u8) : Takes(","u8);

    /// <summary>All up to the quote that ends a text, and that quote.</summary>
    public bool Text(out string text)
    {
        var isOne = Text(out ReadOnlySpan<byte> ascii);
        text = isOne ? ShortTexts.Of(ascii) : "";
        return isOne;
    }

    /// <summary>A list of texts.</summary>
    public bool Texts(out List<string> texts)
    {
        texts = [];
        if (!Takes("["u8))
            return false;
        while (Goes(texts))
        {
            if (!Takes("\""u8) || !Text(out string text))
                return false;
            texts.Add(text);
        }
        return Takes("]"u8);
    }

    public bool Reason(out string reason)
    {
        reason = "";
        return Takes(",\"reason\":\""u8) && Text(out reason);
    }

    public bool Release(out ReleaseId id)
    {
        id = default;
        if (!Takes(",\"release\":\"rel-"u8) || !Text(out ReadOnlySpan<byte> digits))
            return false;
        var isOne = Numbered.TryParse(digits, out var number);
        id = new(number);
        return isOne;
    }

    /// <summary>A mark, and the quote that ends it.</summary>
    public bool Mark(out Mark mark)
    {
        mark = default;
        if (!Text(out ReadOnlySpan<byte> ascii) || ascii.LastIndexOf((byte)'-') is not (> 0 and var dash))
            return false;
        if (!Numbered.TryParse(ascii[(dash + 1)..], out var number))
            return false;
        if (!ServiceName.TryParse(ShortTexts.Of(ascii[..dash]), provider: null, out var service))
            return false;
        mark = new(service, number);
        return true;
    }

    /// <summary>The bytes of an object up to the brace that closes it; what is in it may be anything.</summary>
    public bool Object(out ReadOnlySpan<byte> json)
    {
        json = default;
        var (depth, inText) = (0, false);
        for (var at = 0; at < rest.Length; at++)
        {
            var here = rest[at];
            if (inText && here == '\\')
                at++;
            else if (here == '"')
                inText = !inText;
            else if (!inText && here == '{')
                depth++;
            else if (!inText && here == '}')
                depth--;
            if (depth == 0)
            {
                json = rest[..(at + 1)];
                rest = rest[(at + 1)..];
                return json.Length > 1;
            }
        }
        return false;
    }

    /// <summary>All up to the quote that ends a text, and that quote.</summary>
    public bool Text(out ReadOnlySpan<byte> ascii)
    {
        var end = rest.IndexOf((byte)'"');
        ascii = end < 0 ? default : rest[..end];
        if (end < 0 || ascii.Contains((byte)'\\') || ascii.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            return false;
        rest = rest[(end + 1)..];
        return true;
    }

    /// <summary>Such as <c>2026-01-02T12:00:00.000Z</c>, and the quote that ends it.</summary>
    public bool Time(out DateTimeOffset time)
    {
        time = default;
        if (
            !(Number(4, out var year) && Takes("-"u8) && Number(2, out var month) && Takes("-"u8))
            || !(Number(2, out var day) && Takes("T"u8) && Number(2, out var hour) && Takes(":"u8))
            || !(Number(2, out var minute) && Takes(":"u8) && Number(2, out var second) && Takes("."u8))
            || !(Number(3, out var milliseconds) && Takes("Z\""u8))
        )
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        if (hour > 23 || minute > 59 || second > 59)
            return false;
        time = new DateTimeOffset(year, month, day, hour, minute, second, milliseconds, TimeSpan.Zero);
        return true;
    }

    private bool Number(int digits, out int number)
    {
        number = 0;
        if (rest.Length < digits || rest[..digits].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        foreach (var digit in rest[..digits])
            number = (10 * number) + digit - '0';
        rest = rest[digits..];
        return true;
    }
}
