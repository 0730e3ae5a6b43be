using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bank;

/// <summary>An amount in minor units (cents). On the wire it is a decimal string: "12.34".</summary>
[JsonConverter(typeof(MoneyConverter))]
readonly record struct Money(long Cents) : IComparable<Money>
{
    public static readonly Money Zero;

    public static Money Parse(string text) =>
        TryParse(text, out var money) ? money : throw new FormatException($"\"{text}\" is not an amount");

    public static bool TryParse(string text, out Money money)
    {
        money = Zero;
        if (text.Length is 0 or > 13)
            return false;
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var fraction = point < 0 ? "" : text[(point + 1)..];
        if (whole.Length is 0 or > 10 || fraction.Length > 2 || (point >= 0 && fraction.Length == 0))
            return false;
        if (!(whole + fraction).All(char.IsAsciiDigit))
            return false;
        money = new(long.Parse(whole + fraction.PadRight(2, '0'), CultureInfo.InvariantCulture));
        return true;
    }

    public override string ToString()
    {
        var size = Math.Abs(Cents);
        return $"{(Cents < 0 ? "-" : "")}{size / 100}.{size % 100:00}";
    }

    /// <summary>A part of this amount, rounded half to even.</summary>
    public Money Part(decimal rate) => new((long)Math.Round(Cents * rate, MidpointRounding.ToEven));

    public int CompareTo(Money other) => Cents.CompareTo(other.Cents);

    public static Money operator +(Money a, Money b) => new(checked(a.Cents + b.Cents));

    public static Money operator -(Money a, Money b) => new(checked(a.Cents - b.Cents));

    public static Money operator -(Money a) => new(-a.Cents);

    public static bool operator <(Money a, Money b) => a.Cents < b.Cents;

    public static bool operator >(Money a, Money b) => a.Cents > b.Cents;

    public static bool operator <=(Money a, Money b) => a.Cents <= b.Cents;

    public static bool operator >=(Money a, Money b) => a.Cents >= b.Cents;
}

sealed class MoneyConverter : JsonConverter<Money>
{
    public override Money Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Money.TryParse(reader.GetString()!, out var money)
            ? money
            : throw new JsonException("an amount is a string such as \"12.34\", with at most two decimals");

    public override void Write(Utf8JsonWriter writer, Money value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
