using System.Text;

namespace Mintmark.Evidence;

/// <summary>
/// RFC 4180: fields in quotes may hold separators, line ends and quotes, which are doubled. Where the first line that
/// is no comment has no comma, semicolons separate, as some office programs write it.
/// </summary>
internal static class Csv
{
    /// <exception cref="MaterialsException">It is not UTF-8, or a quote is not closed.</exception>
    public static IEnumerable<(int Line, List<string> Fields)> Rows(string file, byte[] bytes)
    {
        var lines = PlainLines.Of(file, bytes);
        var first = lines.FirstOrDefault(line => line.Length > 0 && line[0] != '#') ?? "";
        var separator = first.Contains(',', StringComparison.Ordinal) ? ',' : ';';
        return Rows(file, string.Join('\n', lines), separator);
    }

    /// <summary>Rows below a first one of names, each with as many fields; empty lines are passed over.</summary>
    /// <param name="read">Told the names, in small letters; complains where they are none.</param>
    public static IEnumerable<(int Line, List<string> Fields)> Table(
        string file,
        byte[] bytes,
        Action<List<string>> read
    )
    {
        List<string>? names = null;
        foreach (var (line, fields) in Rows(file, bytes))
        {
            if (fields.Count == 1 && fields[0].Length == 0)
                continue;
            if (names is null)
            {
                names = [.. fields.Select(f => f.Trim().ToLowerInvariant())];
                read(names);
            }
            else if (fields.Count != names.Count)
            {
                throw new MaterialsException(file, $"line {line}", $"it has {fields.Count} fields, not {names.Count}");
            }
            else
            {
                yield return (line, fields);
            }
        }
    }

    private static IEnumerable<(int Line, List<string> Fields)> Rows(string file, string text, char separator)
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
            else if (!quoted && (c == separator || c == '\n'))
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    yield return (began, fields);
                    fields = [];
                    began = line + 1;
                }
            }
            else
                field.Append(c);
            if (c == '\n')
                line++;
        }
    }
}
