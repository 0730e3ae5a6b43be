namespace Mintmark.Yaml;

public sealed class ProblemList(string file)
{
    private readonly List<DeclaredProblem> found = [];

    public void Add(YamlNode at, string key, string message) =>
        found.Add(new DeclaredProblem(file, at.Line, at.Column, OneLine(key), message));

    public T Read<T>(YamlNode node, string key, Field<T> field)
    {
        if (node is YamlNode.Scalar scalar && field.Read(scalar, out var value))
            return value;
        var near = node is YamlNode.Scalar word && field.Words is { } words ? Spelling.Nearest(word.Text, words) : null;
        var hint = near is null ? "" : $"did you mean {near}? ";
        Add(node, key, $"found {node.Describe()}; {hint}accepted: {field.Accepted}");
        return default!;
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<DeclaredProblem> Found => [.. found.OrderBy(p => p.Line).ThenBy(p => p.Column)];

    /// <exception cref="DeclaredException">Something was found wrong.</exception>
    public void ThrowIfAny()
    {
        if (found.Count > 0)
            throw new DeclaredException(Found);
    }

    private static string OneLine(string key)
    {
        var printable = string.Concat(key.Select(c => char.IsControl(c) ? ' ' : c));
        return printable.Length <= 100 ? printable : printable[..100] + "…";
    }
}
