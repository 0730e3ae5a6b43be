namespace Mintmark.Yaml;

/// <summary>
/// One mapping while it is read. What is wrong goes to the list of problems and reading goes on with
/// <c>default</c>, so that one pass finds all problems; these end in an exception, so nobody sees such a value.
/// </summary>
public sealed class Section
{
    private readonly ProblemList problems;
    private readonly YamlNode.Mapping? mapping;
    private readonly string path;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> known;

    /// <param name="mapping">Null for one that is missing or no mapping, which has been said already.</param>
    /// <param name="keys">Name in <paramref name="known"/>.</param>
    /// <param name="known">Every key that may stand somewhere, by the mapping that it stands in.</param>
    public Section(
        ProblemList problems,
        YamlNode.Mapping? mapping,
        string path,
        string keys,
        IReadOnlyDictionary<string, IReadOnlyList<string>> known
    )
    {
        this.known = known;
        this.problems = problems;
        this.mapping = mapping;
        this.path = path;
        if (mapping is not null)
            CheckKeys(mapping, known[keys]);
    }

    public T Required<T>(string key, Field<T> field) =>
        Find(key) is { } node ? Read(key, node, field) : Missing<T>(key, field.Accepted);

    public T Optional<T>(string key, Field<T> field, T fallback) =>
        Find(key) is { } node ? Read(key, node, field) : fallback;

    public Section Required(string key)
    {
        var accepted = Accepted(Path(key));
        if (Find(key) is not { } node)
            return Hollow(key, Missing<YamlNode.Mapping>(key, accepted));
        if (node is not YamlNode.Mapping inner)
            problems.Add(node, Path(key), $"found {node.Describe()}; accepted: {accepted}");
        return Hollow(key, node as YamlNode.Mapping);
    }

    public Section Optional(string key) => Find(key) is null ? Hollow(key, null) : Required(key);

    /// <summary>The items of a list with the path of each, or null where there is no such key.</summary>
    public IReadOnlyList<(YamlNode Node, string Path)>? Items(string key, string accepted)
    {
        if (Find(key) is not { } node)
            return null;
        if (node is YamlNode.Sequence list)
            return [.. list.Items.Select((item, i) => (item, $"{Path(key)}[{i}]"))];
        problems.Add(node, Path(key), $"found {node.Describe()}; accepted: {accepted}");
        return [];
    }

    public YamlNode? Find(string key) =>
        mapping?.Entries.Where(e => e.Key.Text == key).Select(e => e.Value).FirstOrDefault();

    public string Path(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private Section Hollow(string key, YamlNode.Mapping? inner) => new(problems, inner, Path(key), Path(key), known);

    private T Read<T>(string key, YamlNode node, Field<T> field) => problems.Read(node, Path(key), field);

    private T Missing<T>(string key, string accepted)
    {
        if (mapping is not null)
            problems.Add(mapping, Path(key), $"missing; accepted: {accepted}");
        return default!;
    }

    private void CheckKeys(YamlNode.Mapping given, IReadOnlyList<string> accepted)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in given.Entries)
        {
            if (!accepted.Contains(key.Text))
            {
                var hint = Spelling.Nearest(key.Text, accepted) is { } near ? $"did you mean {near}? " : "";
                problems.Add(
                    key,
                    Path(key.Text),
                    $"unknown key {key.Describe()}; {hint}accepted: {string.Join(", ", accepted)}"
                );
            }
            else if (!seen.Add(key.Text))
            {
                problems.Add(key, Path(key.Text), "given twice; accepted: each key once");
            }
        }
    }

    private string Accepted(string section) => $"a mapping with {string.Join(", ", known[section])}";
}
