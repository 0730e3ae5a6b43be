using System.Text.RegularExpressions;

namespace Mintmark.Yaml;

public static partial class Numbers
{
    public static bool LooksLikeOne(string plain) => plain.Length <= 400 && Pattern().IsMatch(plain);

    [GeneratedRegex(
        @"^([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+|0x[0-9a-fA-F]+"
            + @"|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Pattern();
}
