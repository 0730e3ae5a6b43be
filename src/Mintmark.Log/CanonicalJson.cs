using System.Buffers;
using System.Text.Json;

namespace Mintmark.Log;

/// <summary>
/// RFC 8785 over a narrower input: numbers are integers of at most 2^53-1 either way, so that no reader rounds them.
/// Money is a decimal string with its currency.
/// </summary>
public static class CanonicalJson
{
    static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64 };

    /// <exception cref="FormatException">Not JSON, or JSON without one canonical form here; says what.</exception>
    public static byte[] Canonicalize(ReadOnlySpan<byte> utf8Json)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8Json.ToArray(), Strict);
            var output = new ArrayBufferWriter<byte>(utf8Json.Length + 16);
            Write(output, document.RootElement);
            return output.WrittenSpan.ToArray();
        }
        catch (JsonException e)
        {
            throw new FormatException($"not JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("not JSON: a string is not valid Unicode (invalid UTF-8 or half a surrogate)", e);
        }
    }

    static void Write(ArrayBufferWriter<byte> output, JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(output, element);
                break;
            case JsonValueKind.Array:
                var separator = "["u8;
                foreach (var item in element.EnumerateArray())
                {
                    output.Write(separator);
                    Write(output, item);
                    separator = ","u8;
                }
                output.Write(element.GetArrayLength() == 0 ? "[]"u8 : "]"u8);
                break;
            case JsonValueKind.String:
                CanonicalText.Write(output, element.GetString()!);
                break;
            case JsonValueKind.Number:
                CanonicalNumber.Write(output, element.GetRawText());
                break;
            case JsonValueKind.True:
                output.Write("true"u8);
                break;
            case JsonValueKind.False:
                output.Write("false"u8);
                break;
            default:
                output.Write("null"u8);
                break;
        }
    }

    static void WriteObject(ArrayBufferWriter<byte> output, JsonElement element)
    {
        var members = new List<(string Name, JsonElement Value)>();
        foreach (var member in element.EnumerateObject())
            members.Add((member.Name, member.Value));
        // Ordinal order is order by UTF-16 code units, as RFC 8785 section 3.2.3 asks.
        members.Sort(static (x, y) => string.CompareOrdinal(x.Name, y.Name));

        output.Write("{"u8);
        for (var i = 0; i < members.Count; i++)
        {
            var (name, value) = members[i];
            if (i > 0)
            {
                if (name == members[i - 1].Name)
                    throw new FormatException($"the key \"{name}\" appears twice in one object");
                output.Write(","u8);
            }
            CanonicalText.Write(output, name);
            output.Write(":"u8);
            Write(output, value);
        }
        output.Write("}"u8);
    }
}
