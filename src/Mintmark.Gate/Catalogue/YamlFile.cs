using Mintmark.Yaml;

namespace Mintmark.Gate;

/// <summary>The beginnings of every file that is read here.</summary>
internal static class YamlFile
{
    /// <exception cref="DeclaredException">It is no YAML, or no mapping.</exception>
    public static YamlNode.Mapping Mapping(string yaml, string file)
    {
        try
        {
            var root = YamlTree.Load(yaml.TrimStart('\uFEFF'));
            return root as YamlNode.Mapping
                ?? throw new DeclaredException([
                    new(file, 0, 0, "", $"found {root?.Describe() ?? "nothing"}; accepted: a mapping"),
                ]);
        }
        catch (YamlRefusedException wrong)
        {
            throw new DeclaredException([new(file, wrong.Line, wrong.Column, "", wrong.Message)]);
        }
    }

    /// <summary>Of a mapping whose keys are names that the file itself gives; none where it is missing.</summary>
    public static IReadOnlyList<(YamlNode.Scalar Key, YamlNode Value)> Entries(
        YamlNode? node,
        ProblemList problems,
        string path
    )
    {
        if (node is null)
            return [];
        if (node is not YamlNode.Mapping mapping)
        {
            problems.Add(node, path, $"found {node.Describe()}; accepted: a mapping");
            return [];
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, _) in mapping.Entries.Where(e => !seen.Add(e.Key.Text)))
            problems.Add(key, $"{path}.{key.Text}", "given twice; accepted: each key once");
        return [.. mapping.Entries.DistinctBy(e => e.Key.Text)];
    }

    /// <summary>An item of a list that must be a mapping; null where it is none, which is said.</summary>
    public static Section? Item(
        YamlNode node,
        string path,
        string keys,
        ProblemList problems,
        IReadOnlyDictionary<string, IReadOnlyList<string>> known
    )
    {
        if (node is YamlNode.Mapping mapping)
            return new Section(problems, mapping, path, keys, known);
        problems.Add(node, path, $"found {node.Describe()}; accepted: a mapping with {string.Join(", ", known[keys])}");
        return null;
    }
}
