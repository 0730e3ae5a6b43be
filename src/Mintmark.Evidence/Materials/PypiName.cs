using System.Text.RegularExpressions;

namespace Mintmark.Evidence;

/// <summary>Names of Python packages, in the normal form of PEP 503.</summary>
internal static partial class PypiName
{
    public static string Normal(string name) => Separators().Replace(name, "-").ToLowerInvariant();

    public static bool IsName(string name) => Name().IsMatch(name);

    [GeneratedRegex("[-_.]+", RegexOptions.None, 1000)]
    private static partial Regex Separators();

    [GeneratedRegex(@"^[A-Za-z0-9]([A-Za-z0-9._-]{0,98}[A-Za-z0-9])?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();
}
