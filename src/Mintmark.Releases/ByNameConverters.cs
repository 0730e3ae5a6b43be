using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>As an object: whole numbers as numbers, decimals as strings.</summary>
public sealed class ByNameConverters : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert == typeof(ByName<long>) || typeToConvert == typeof(ByName<decimal>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        typeToConvert == typeof(ByName<long>) ? Counts.Instance : Amounts.Instance;

    internal abstract class Of<T> : JsonConverter<ByName<T>>
        where T : struct, INumber<T>
    {
        /// <summary>More than anybody has indicators, or currencies.</summary>
        private const int Most = 64;

        /// <summary>Where numbers are gathered: a log is full of them.</summary>
        [ThreadStatic]
        private static (string Name, T Number)[]? room;

        public override ByName<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            Read(ref reader);

        public ByName<T> Read(ref Utf8JsonReader reader)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException("numbers by name are an object");
            var numbers = room ??= new (string, T)[Most];
            var count = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (count == Most)
                    throw new JsonException($"more than {Most} names");
                var name = ShortTexts.Of(ref reader);
                reader.Read();
                numbers[count++] = (name, Number(ref reader));
            }
            try
            {
                return ByName.Of<T>(numbers.AsSpan(0, count));
            }
            catch (ArgumentException twice)
            {
                throw new JsonException(twice.Message, twice);
            }
        }

        public override void Write(Utf8JsonWriter writer, ByName<T> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (name, number) in value)
                Write(writer, name, number);
            writer.WriteEndObject();
        }

        protected abstract T Number(ref Utf8JsonReader reader);

        protected abstract void Write(Utf8JsonWriter writer, string name, T number);
    }

    internal sealed class Counts : Of<long>
    {
        public static readonly Counts Instance = new();

        protected override long Number(ref Utf8JsonReader reader) =>
            reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0
                ? count
                : throw new JsonException("a count is a whole number, zero or more");

        protected override void Write(Utf8JsonWriter writer, string name, long number) =>
            writer.WriteNumber(name, number);
    }

    internal sealed class Amounts : Of<decimal>
    {
        public static readonly Amounts Instance = new();

        private const NumberStyles Plain = NumberStyles.AllowDecimalPoint;

        protected override decimal Number(ref Utf8JsonReader reader) =>
            reader.TokenType == JsonTokenType.String
            && decimal.TryParse(reader.GetString(), Plain, CultureInfo.InvariantCulture, out var amount)
                ? amount
                : throw new JsonException("an amount is a string such as \"125.5\", zero or more");

        protected override void Write(Utf8JsonWriter writer, string name, decimal number) =>
            writer.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
    }
}
