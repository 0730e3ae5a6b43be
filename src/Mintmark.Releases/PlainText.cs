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
