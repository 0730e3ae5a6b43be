using System.Text.RegularExpressions;

namespace Mintmark.Tests.House;

/// <param name="Line">Of its header, from 1.</param>
/// <param name="Length">Lines from header to closing brace.</param>
/// <param name="IsType">Types may be long, functions may not.</param>
sealed record Block(int Line, int Length, bool IsType);

/// <summary>
/// Finds braced blocks by indentation alone, which csharpier keeps: a brace alone on its line opens a block that the
/// next brace of the same indentation closes.
/// </summary>
static partial class Blocks
{
    public static IEnumerable<Block> Of(string[] lines)
    {
        var code = WithoutRawText(lines);
        for (var open = 1; open < code.Length; open++)
        {
            if (code[open].Trim() != "{")
                continue;
            var indent = Indent(code[open]);
            var close = Array.FindIndex(code, open + 1, l => Indent(l) == indent && l.TrimStart().StartsWith('}'));
            var header = Header(code, open, indent);
            if (close > 0)
                yield return new Block(header + 1, close - header + 1, TypeHeader().IsMatch(code[header]));
        }
    }

    private static int Header(string[] code, int open, int indent)
    {
        var at = open - 1;
        while (at > 0 && (Indent(code[at]) > indent || Continuation().IsMatch(code[at])))
            at--;
        return at;
    }

    private static string[] WithoutRawText(string[] lines)
    {
        var inside = false;
        var code = new string[lines.Length];
        for (var i = 0; i < lines.Length; i++)
        {
            var marks = lines[i].Split("\"\"\"").Length - 1;
            code[i] = inside ? "" : lines[i];
            inside ^= marks % 2 == 1;
        }
        return code;
    }

    private static int Indent(string line) => line.Length - line.TrimStart().Length;

    [GeneratedRegex(@"^\s*(\)|where\b|:|,)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Continuation();

    [GeneratedRegex(
        @"^\s*((public|internal|private|protected|sealed|abstract|static|partial|readonly|ref|file|new|unsafe) )*"
            + @"(class|struct|interface|enum|record|namespace|extension)\b",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex TypeHeader();
}
