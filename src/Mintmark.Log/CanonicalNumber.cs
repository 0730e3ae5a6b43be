using System.Buffers;
using System.Globalization;
using System.Text;

namespace Mintmark.Log;

/// <summary>An integer that every JSON reader holds exactly, written as ECMAScript writes it.</summary>
static class CanonicalNumber
{
    const long Largest = (1L << 53) - 1;
    const int LargestDigits = 16;

    /// <summary>
    /// Exact, without a detour over floating point: 1.0 and 1e3 are integers, 1.00000000000000000001 is not.
    /// </summary>
    public static void Write(ArrayBufferWriter<byte> output, string json)
    {
        var negative = json[0] == '-';
        var (mantissa, exponent) = Split(json[(negative ? 1 : 0)..]);
        var digits = mantissa.Trim('0');
        if (digits.Length == 0)
        {
            output.Write("0"u8);
            return;
        }

        var shift = exponent + (mantissa.Length - mantissa.TrimEnd('0').Length);
        if (shift < 0)
            throw new FormatException($"{json} is not an integer: write a fraction or an amount as a decimal string");
        if (digits.Length + shift > LargestDigits)
            throw TooLarge(json);
        var value = long.Parse(digits + new string('0', (int)shift), CultureInfo.InvariantCulture);
        if (value > Largest)
            throw TooLarge(json);
        Encoding.UTF8.GetBytes((negative ? -value : value).ToString(CultureInfo.InvariantCulture), output);
    }

    /// <summary>12.50e3 is the digits 1250 and the exponent 1.</summary>
    static (string Digits, long Exponent) Split(string unsigned)
    {
        var e = unsigned.IndexOfAny(['e', 'E']);
        var mantissa = e < 0 ? unsigned : unsigned[..e];
        var exponent = e < 0 ? 0 : ParseExponent(unsigned[(e + 1)..]);
        var point = mantissa.IndexOf('.');
        return point < 0 ? (mantissa, exponent) : (mantissa.Remove(point, 1), exponent - (mantissa.Length - point - 1));
    }

    // An exponent past the range of int is decided already; its exact size does not matter.
    static long ParseExponent(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var exponent) ? exponent
        : text[0] == '-' ? int.MinValue
        : int.MaxValue;

    static FormatException TooLarge(string json) =>
        new($"{json} is past 2^53-1: readers would round it, so write it as a string");
}
