using System.Text.RegularExpressions;

namespace Mintmark.Cli;

/// <summary>
/// Text from elsewhere (reasons, names of tests, output of builds) as it may reach a terminal: it cannot colour, move,
/// hide or reverse what is around it.
/// </summary>
internal static partial class Printable
{
    public static string Line(string text) => Lines(text).Replace('\n', ' ');

    public static string Lines(string text) =>
        text.Any(IsHarmful)
            ? string.Concat(ControlSequence().Replace(text, "").Select(c => IsHarmful(c) ? Stand(c) : c))
            : text;

    private static bool IsHarmful(char c) => (char.IsControl(c) && c != '\n') || IsDirection(c);

    // Unicode's bidirectional embeddings, overrides and isolates.
    private static bool IsDirection(char c) => c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static char Stand(char c) => c is '\t' or '\r' ? ' ' : '\ufffd';

    [GeneratedRegex(@"\e\[[0-?]*[ -/]*[@-~]", RegexOptions.None, 1000)]
    private static partial Regex ControlSequence();
}
