namespace Mintmark.Yaml;

/// <summary>A piece of a YAML file and where it begins, both from 1.</summary>
public abstract record YamlNode(int Line, int Column)
{
    /// <param name="Plain">Written without quotes, so that it may be a number, a boolean or nothing.</param>
    public sealed record Scalar(int Line, int Column, string Text, bool Plain) : YamlNode(Line, Column);

    public sealed record Sequence(int Line, int Column, IReadOnlyList<YamlNode> Items) : YamlNode(Line, Column);

    public sealed record Mapping(int Line, int Column, IReadOnlyList<(Scalar Key, YamlNode Value)> Entries)
        : YamlNode(Line, Column);

    /// <summary>What was found, in the words of an error message.</summary>
    public string Describe() =>
        this switch
        {
            Sequence => "a list",
            Mapping => "a mapping",
            Scalar s => Describe(s),
            _ => throw new System.Diagnostics.UnreachableException(GetType().Name),
        };

    private static string Describe(Scalar scalar)
    {
        if (!scalar.Plain)
            return $"the text '{Short(scalar.Text)}'";
        return YamlScalar.KindOf(scalar.Text) switch
        {
            YamlKind.Nothing => "nothing",
            YamlKind.Truth => $"the truth value {scalar.Text}",
            YamlKind.Number => $"the number {Short(scalar.Text)}",
            _ => $"'{Short(scalar.Text)}'",
        };
    }

    private static string Short(string text)
    {
        var oneLine = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return oneLine.Length <= 60 ? oneLine : oneLine[..60] + "…";
    }
}

public enum YamlKind
{
    Nothing,
    Truth,
    Number,
    Text,
}

public static class YamlScalar
{
    /// <summary>What editors take a plain scalar for (the core schema of YAML 1.2).</summary>
    public static YamlKind KindOf(string plain) =>
        plain switch
        {
            "" or "~" or "null" or "Null" or "NULL" => YamlKind.Nothing,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => YamlKind.Truth,
            _ when Numbers.LooksLikeOne(plain) => YamlKind.Number,
            _ => YamlKind.Text,
        };
}
