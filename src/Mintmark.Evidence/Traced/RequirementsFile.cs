using System.Text;

namespace Mintmark.Evidence;

/// <summary>
/// Titles of requirements by id: a list of objects in JSON, or CSV with a first line of names, as trackers export them.
/// The id is <c>id</c> or <c>key</c>, the title <c>title</c> or <c>summary</c>, in any case of letters.
/// </summary>
internal static class RequirementsFile
{
    public const int LargestBytes = 4 << 20;

    private const int LongestTitle = 200;

    private static readonly string[] Ids = ["id", "key"];
    private static readonly string[] Titles = ["title", "summary"];

    /// <exception cref="MaterialsException">It is neither, or has an id twice.</exception>
    public static IReadOnlyDictionary<string, string> Read(string file, byte[] bytes) =>
        file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? OfJson(file, bytes) : OfCsv(file, bytes);

    private static Dictionary<string, string> OfJson(string file, byte[] bytes)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in Json.ParseAny(file, bytes).Items())
        {
            var fields = item.Members().ToDictionary(m => m.Name, m => m.Value, StringComparer.OrdinalIgnoreCase);
            var id = Named(fields, Ids) ?? throw item.Wrong("it has no id");
            if (!read.TryAdd(id.Word(), Short(Named(fields, Titles)?.Text() ?? "")))
                throw item.Wrong("its id is there twice");
        }
        return read;
    }

    private static Dictionary<string, string> OfCsv(string file, byte[] bytes)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        List<string>? names = null;
        foreach (var (line, fields) in Rows(file, string.Join('\n', PlainLines.Of(file, bytes))))
        {
            if (names is null)
            {
                names = [.. fields.Select(f => f.Trim().ToLowerInvariant())];
                if (!names.Exists(Ids.Contains))
                    throw new MaterialsException(file, "line 1", "accepted: names of columns, one of them id or key");
                continue;
            }
            if (fields.Count == 1 && fields[0].Length == 0)
                continue;
            if (fields.Count != names.Count)
                throw new MaterialsException(file, $"line {line}", $"it has {fields.Count} fields, not {names.Count}");
            var id = fields[names.FindIndex(Ids.Contains)].Trim();
            var title = names.FindIndex(Titles.Contains) is >= 0 and var at ? fields[at] : "";
            if (id.Length is 0 or > 100 || !read.TryAdd(id, Short(title)))
                throw new MaterialsException(file, $"line {line}", "its id is empty, too long or there twice");
        }
        return read;
    }

    /// <summary>RFC 4180: fields in quotes may hold commas, line ends and quotes, which are doubled.</summary>
    private static IEnumerable<(int Line, List<string> Fields)> Rows(string file, string text)
    {
        var (fields, field, line, began, quoted) = (new List<string>(), new StringBuilder(), 1, 1, false);
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : '\n';
            if (quoted && i == text.Length)
                throw new MaterialsException(file, $"line {began}", "a quote is not closed");
            if (c == '"' && quoted && i + 1 < text.Length && text[i + 1] == '"')
                field.Append(text[i++]);
            else if (c == '"' && (quoted || field.Length == 0))
                quoted = !quoted;
            else if (!quoted && c is ',' or '\n' && !quoted)
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c != '\n')
                    continue;
                yield return (began, fields);
                fields = [];
                began = line + 1;
            }
            else
                field.Append(c);
            if (c == '\n')
                line++;
        }
    }

    private static Json? Named(Dictionary<string, Json> fields, string[] names) =>
        names.Where(fields.ContainsKey).Select(n => (Json?)fields[n]).FirstOrDefault();

    private static string Short(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= LongestTitle ? line : line[..(LongestTitle - 1)] + "…";
    }
}
