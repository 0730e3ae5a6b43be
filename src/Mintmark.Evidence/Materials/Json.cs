using System.Text;
using System.Text.Json;

namespace Mintmark.Evidence;

/// <summary>A part of a JSON file that others wrote: each complaint says in which file and where in it.</summary>
internal readonly record struct Json(string File, string Path, JsonElement Element)
{
    private const int LongestShown = 60;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    /// <exception cref="MaterialsException">It is no JSON object.</exception>
    public static Json Parse(string file, ReadOnlySpan<byte> bytes) => ParseAny(file, bytes).RequireObject();

    /// <exception cref="MaterialsException">It is no JSON.</exception>
    public static Json ParseAny(string file, ReadOnlySpan<byte> bytes)
    {
        var text = bytes;
        if (text.StartsWith(Encoding.UTF8.Preamble))
            text = text[Encoding.UTF8.Preamble.Length..];
        try
        {
            return new Json(file, "", JsonElement.Parse(text, Strict));
        }
        catch (JsonException wrong)
        {
            var place = wrong.LineNumber is { } line ? $"line {line + 1}" : "as a whole";
            throw new MaterialsException(file, place, "it is no JSON, or has a property twice");
        }
    }

    public Json? Find(string name) =>
        IsObject && Element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? At(name, value)
            : null;

    public Json Require(string name) => Find(name) ?? throw Wrong($"it has no {name}");

    public Json RequireObject() => IsObject ? this : throw Wrong("accepted: an object");

    public string Text()
    {
        if (Element.ValueKind != JsonValueKind.String)
            throw Wrong("accepted: text");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Wrong("accepted: text in UTF-8");
        }
    }

    /// <summary>Text that can be a name or a version: not empty, no control characters, of sensible length.</summary>
    public string Word()
    {
        var text = Text();
        return text.Length is > 0 and <= 300 && !text.Any(c => char.IsControl(c) || c == ' ')
            ? text
            : throw Wrong("accepted: a name or version without spaces, of at most 300 characters");
    }

    public bool IsTrue(string name) => Find(name)?.Element.ValueKind == JsonValueKind.True;

    public IEnumerable<(string Name, Json Value)> Members()
    {
        var here = RequireObject();
        return here.Element.EnumerateObject().Select(p => (p.Name, here.At(p.Name, p.Value)));
    }

    public IEnumerable<Json> Items()
    {
        var here = this;
        return Element.ValueKind == JsonValueKind.Array
            ? Element.EnumerateArray().Select((item, i) => here with { Path = $"{here.Path}[{i}]", Element = item })
            : throw Wrong("accepted: a list");
    }

    public MaterialsException Wrong(string what) => new(File, Path.Length == 0 ? "as a whole" : Path, what);

    private Json At(string name, JsonElement value)
    {
        var shown = name.Length <= LongestShown ? name : name[..LongestShown] + "…";
        var step = shown.All(c => char.IsAsciiLetterOrDigit(c)) ? shown : $"\"{Clean(shown)}\"";
        return this with { Path = Path.Length == 0 ? step : $"{Path}.{step}", Element = value };
    }

    private static string Clean(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));
}
