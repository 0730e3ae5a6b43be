namespace Mintmark.Evidence;

/// <summary>
/// Titles of requirements by id, from a file of one's own or a tracker's export: a list of objects in JSON, or CSV with
/// a first line of names. The columns are those of Jira, Azure DevOps, GitLab and GitHub, in any case of letters.
/// </summary>
internal static class RequirementsFile
{
    private const int LongestTitle = 200;

    /// <summary>The first that is there counts: Jira has "Issue key" beside an internal "Issue id".</summary>
    private static readonly string[] Ids = ["issue key", "key", "iid", "number", "issue id", "id", "system.id"];

    private static readonly string[] Titles = ["summary", "title", "system.title", "subject", "name"];

    /// <summary>Where trackers' answers have the list.</summary>
    private static readonly string[] Lists = ["issues", "value", "items", "data"];

    /// <exception cref="MaterialsException">It is neither, or has an id twice.</exception>
    public static IReadOnlyDictionary<string, string> Read(string file, byte[] bytes) =>
        file.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? OfJson(file, bytes) : OfCsv(file, bytes);

    /// <summary>As the file has it: commits link to <c>#12</c> or <c>AB#12</c>, trackers export <c>12</c>.</summary>
    public static string Key(string id) => id[(id.LastIndexOf('#') + 1)..];

    private static Dictionary<string, string> OfJson(string file, byte[] bytes)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        var root = Json.ParseAny(file, bytes);
        var list = Lists.Select(name => root.Find(name)).FirstOrDefault(found => found is not null) ?? root;
        foreach (var item in list.Items())
        {
            var fields = Fields(item);
            var id = Named(fields, Ids) ?? throw item.Wrong("it has no id");
            var word =
                id.Element.ValueKind == System.Text.Json.JsonValueKind.Number ? id.Element.GetRawText() : id.Word();
            if (!read.TryAdd(Key(word), Short(Named(fields, Titles)?.Text() ?? "")))
                throw item.Wrong("its id is there twice");
        }
        return read;
    }

    /// <summary>Those below <c>fields</c> too, where Jira and Azure DevOps have the title.</summary>
    private static Dictionary<string, Json> Fields(Json item)
    {
        var fields = new Dictionary<string, Json>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in item.Members().Concat(item.Find("fields")?.Members() ?? []))
            if (value.Element.ValueKind != System.Text.Json.JsonValueKind.Null)
                fields.TryAdd(name, value);
        return fields;
    }

    private static Dictionary<string, string> OfCsv(string file, byte[] bytes)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        var (id, title) = (-1, -1);
        var rows = Csv.Table(
            file,
            bytes,
            names =>
            {
                (id, title) = (Column(names, Ids), Column(names, Titles));
                if (id < 0)
                    throw new MaterialsException(
                        file,
                        "line 1",
                        $"accepted: names of columns, one of them {string.Join(", ", Ids[..^1])}"
                    );
            }
        );
        foreach (var (line, fields) in rows)
        {
            var key = Key(fields[id].Trim());
            if (key.Length is 0 or > 100 || !read.TryAdd(key, Short(title < 0 ? "" : fields[title])))
                throw new MaterialsException(file, $"line {line}", "its id is empty, too long or there twice");
        }
        return read;
    }

    internal static int Column(List<string> names, string[] accepted) =>
        accepted.Select(name => names.IndexOf(name)).Where(at => at >= 0).Append(-1).First();

    private static Json? Named(Dictionary<string, Json> fields, string[] names) =>
        names.Where(fields.ContainsKey).Select(n => (Json?)fields[n]).FirstOrDefault();

    private static string Short(string text)
    {
        var line = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return line.Length <= LongestTitle ? line : line[..(LongestTitle - 1)] + "…";
    }
}
