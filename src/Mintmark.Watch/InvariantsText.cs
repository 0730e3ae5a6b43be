using System.Text.Json;
using Mintmark.Releases;

namespace Mintmark.Watch;

/// <summary>
/// Reads what an invariants path answers: <c>{"invariants":[{"name":"postings-sum-to-zero","ok":true}, {"name":…,
/// "ok":false,"broken":"the sum is 0.01"}]}</c>. Further members are let be. Limits keep the report a small log entry.
/// </summary>
internal static class InvariantsText
{
    private const int MostInvariants = 50;
    private const int LongestName = 80;
    private const int LongestBroken = 200;

    public static InvariantAnswer Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            return new InvariantAnswer.Given(Results(json.RootElement));
        }
        catch (JsonException wrong)
        {
            return new InvariantAnswer.Unclear(wrong.Message);
        }
    }

    private static List<InvariantResult> Results(JsonElement root)
    {
        var list = Member(root, "invariants", JsonValueKind.Array, "an array");
        if (list.GetArrayLength() is not (>= 1 and <= MostInvariants) and var length)
            throw new JsonException($"'invariants' has 1 to {MostInvariants} members, not {length}");
        var results = list.EnumerateArray().Select(Result).OrderBy(r => r.Name, StringComparer.Ordinal).ToList();
        if (results.GroupBy(r => r.Name).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new JsonException($"invariant '{twice.Key}' is named twice");
        return results;
    }

    private static InvariantResult Result(JsonElement element)
    {
        var name = Member(element, "name", JsonValueKind.String, "a string").GetString()!;
        if (name.Length is < 1 or > LongestName || name.Any(char.IsControl))
            throw new JsonException($"an invariant's 'name' has 1 to {LongestName} printable characters");
        if (
            !element.TryGetProperty("ok", out var ok) || ok.ValueKind is not (JsonValueKind.True or JsonValueKind.False)
        )
            throw new JsonException($"invariant '{name}' needs 'ok', true or false");
        var broken = element.TryGetProperty("broken", out var text) ? text : default;
        if (broken.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String))
            throw new JsonException($"'broken' of invariant '{name}' is a string");
        var holds = ok.GetBoolean();
        if (holds && broken.ValueKind == JsonValueKind.String)
            throw new JsonException($"invariant '{name}' is both ok and broken");
        return new(name, holds ? null : Short(broken));
    }

    private static string Short(JsonElement broken)
    {
        var text = broken.ValueKind == JsonValueKind.String ? broken.GetString()! : "";
        var plain = string.Concat(
            text.Take(LongestBroken).Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)
        );
        return string.IsNullOrWhiteSpace(plain) ? "it does not say what" : plain;
    }

    private static JsonElement Member(JsonElement of, string name, JsonValueKind kind, string what) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var member) && member.ValueKind == kind
            ? member
            : throw new JsonException($"'{name}' is missing or not {what}");
}
