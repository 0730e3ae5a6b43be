using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mintmark.Yaml;

/// <summary>
/// YAML text to nodes with their places. Takes what declarations need and refuses the rest: anchors and aliases (a few
/// hundred bytes of them can mean gigabytes), tags, several documents, deep nesting.
/// </summary>
public sealed class YamlTree
{
    private const int Deepest = 8;

    private readonly Scanner scanner;
    private readonly Parser parser;
    private int depth;

    private YamlTree(string yaml)
    {
        scanner = new Scanner(new StringReader(yaml));
        parser = new Parser(scanner);
    }

    /// <summary>The one document of the text, or null where it is empty.</summary>
    /// <exception cref="YamlRefusedException">It is no YAML, or YAML that nobody here has a use for.</exception>
    public static YamlNode? Load(string yaml)
    {
        RefuseUnprintable(yaml);
        var tree = new YamlTree(yaml);
        try
        {
            return tree.Document();
        }
        catch (YamlException wrong)
        {
            throw new YamlRefusedException((int)wrong.Start.Line, (int)wrong.Start.Column, Reason(wrong));
        }
        catch (InvalidOperationException)
        {
            // What the parser throws where it did not foresee the text, such as { a: b,| }.
            var (line, column) = ((int)tree.scanner.CurrentPosition.Line, (int)tree.scanner.CurrentPosition.Column);
            throw new YamlRefusedException(line, column, "this is no YAML");
        }
    }

    /// <summary>YAML has no place for these, and the parser breaks on some of them.</summary>
    private static void RefuseUnprintable(string yaml)
    {
        var (line, column) = (1, 1);
        for (var i = 0; i < yaml.Length; i++, column++)
        {
            var pair = i + 1 < yaml.Length && char.IsSurrogatePair(yaml[i], yaml[i + 1]);
            if (yaml[i] == '\n')
                (line, column) = (line + 1, 0);
            else if (pair)
                i++;
            else if (char.IsSurrogate(yaml[i]) || (char.IsControl(yaml[i]) && yaml[i] is not ('\t' or '\r')))
                throw new YamlRefusedException(line, column, $"the character U+{(int)yaml[i]:X4} is not accepted");
        }
    }

    private static string Reason(YamlException wrong)
    {
        // The parser's own messages begin with the place in some versions; the place is said elsewhere.
        var text = wrong.InnerException?.Message ?? wrong.Message;
        var colon = text.StartsWith('(') ? text.IndexOf("): ", StringComparison.Ordinal) : -1;
        return $"this is no YAML: {(colon < 0 ? text : text[(colon + 3)..])}";
    }

    private YamlNode? Document()
    {
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
            return null;
        var root = Node();
        parser.Consume<DocumentEnd>();
        if (parser.Accept<DocumentStart>(out var second))
            throw Refused(second, "a manifest is one YAML document; this is the start of a second one");
        return root;
    }

    private YamlNode Node()
    {
        if (parser.TryConsume<AnchorAlias>(out var alias))
            throw Refused(alias, "aliases (*name) are not accepted: write the value out");
        var next = parser.Consume<NodeEvent>();
        if (!next.Anchor.IsEmpty)
            throw Refused(next, "anchors (&name) are not accepted: write the value out");
        if (!next.Tag.IsEmpty && !next.Tag.IsNonSpecific)
            throw Refused(next, "tags (!name) are not accepted: types follow from the key");
        if (++depth > Deepest)
            throw Refused(next, $"nested more than {Deepest} deep");
        YamlNode node = next switch
        {
            Scalar s => Text(s),
            SequenceStart s => new YamlNode.Sequence((int)s.Start.Line, (int)s.Start.Column, Items()),
            MappingStart s => new YamlNode.Mapping((int)s.Start.Line, (int)s.Start.Column, Entries()),
            _ => throw Refused(next, "neither a text nor a list nor a mapping"),
        };
        depth--;
        return node;
    }

    private List<YamlNode> Items()
    {
        var items = new List<YamlNode>();
        while (!parser.TryConsume<SequenceEnd>(out _))
            items.Add(Node());
        return items;
    }

    private List<(YamlNode.Scalar, YamlNode)> Entries()
    {
        var entries = new List<(YamlNode.Scalar, YamlNode)>();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            if (Node() is var key && key is not YamlNode.Scalar)
                throw new YamlRefusedException(key.Line, key.Column, $"a key is a word, not {key.Describe()}");
            entries.Add(((YamlNode.Scalar)key, Node()));
        }
        return entries;
    }

    private static YamlNode.Scalar Text(Scalar s) =>
        new((int)s.Start.Line, (int)s.Start.Column, s.Value, s.Style == ScalarStyle.Plain);

    private static YamlRefusedException Refused(ParsingEvent at, string reason) =>
        new((int)at.Start.Line, (int)at.Start.Column, reason);
}

public sealed class YamlRefusedException(int line, int column, string reason) : Exception(reason)
{
    public int Line => line;

    public int Column => column;
}
