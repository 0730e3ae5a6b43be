using System.Text.RegularExpressions;

namespace Mintmark.Evidence;

/// <summary>Order of PEP 440; what is no such version is below all that are, by its text.</summary>
internal static partial class PypiOrder
{
    public static int Compare(string a, string b)
    {
        var (x, y) = (Version().Match(a.Trim()), Version().Match(b.Trim()));
        if (!x.Success || !y.Success)
            return x.Success != y.Success ? x.Success.CompareTo(y.Success) : Math.Sign(string.CompareOrdinal(a, b));
        var difference = VersionOrder.Numbers(Number(x, "epoch"), Number(y, "epoch"));
        if (difference == 0)
            difference = SemverOrder.Cores(x.Groups["release"].Value, y.Groups["release"].Value, 0);
        if (difference == 0)
            difference = Stage(x).CompareTo(Stage(y));
        if (difference == 0)
            difference = VersionOrder.Numbers(Number(x, "pren"), Number(y, "pren"));
        if (difference == 0)
            difference = Suffix(x, y, "post", without: -1);
        if (difference == 0)
            difference = Suffix(x, y, "dev", without: 1);
        return difference != 0 ? difference : Local(x.Groups["local"].Value, y.Groups["local"].Value);
    }

    /// <summary>A development release of no prerelease comes before all prereleases.</summary>
    private static int Stage(Match version) =>
        version.Groups["pre"].Value.ToLowerInvariant() switch
        {
            "a" or "alpha" => 1,
            "b" or "beta" => 2,
            "" when !version.Groups["post"].Success && version.Groups["dev"].Success => 0,
            "" => 4,
            _ => 3,
        };

    private static int Suffix(Match a, Match b, string name, int without) =>
        (a.Groups[name].Success, b.Groups[name].Success) switch
        {
            (true, true) => VersionOrder.Numbers(Number(a, name + "n"), Number(b, name + "n")),
            (true, false) => -without,
            (false, true) => without,
            _ => 0,
        };

    private static string Number(Match version, string group) =>
        version.Groups[group].Success ? version.Groups[group].Value : "0";

    /// <summary>Numbers are above words here, and more parts above fewer.</summary>
    private static int Local(string a, string b)
    {
        if (a.Length == 0 || b.Length == 0)
            return a.Length.CompareTo(b.Length) is var one && one != 0 ? Math.Sign(one) : 0;
        var (x, y) = (a.Split('.', '-', '_'), b.Split('.', '-', '_'));
        for (var i = 0; i < Math.Min(x.Length, y.Length); i++)
        {
            var difference = (x[i].All(char.IsAsciiDigit), y[i].All(char.IsAsciiDigit)) switch
            {
                (true, true) => VersionOrder.Numbers(x[i], y[i]),
                (true, false) => 1,
                (false, true) => -1,
                _ => Math.Sign(string.Compare(x[i], y[i], StringComparison.OrdinalIgnoreCase)),
            };
            if (difference != 0)
                return difference;
        }
        return x.Length.CompareTo(y.Length);
    }

    [GeneratedRegex(
        @"^v?((?<epoch>\d+)!)?(?<release>\d+(\.\d+)*)"
            + @"([-_.]?(?<pre>alpha|beta|preview|pre|rc|a|b|c)[-_.]?(?<pren>\d*))?"
            + @"((-(?<post>)(?<postn>\d+))|([-_.]?(?<post>post|rev|r)[-_.]?(?<postn>\d*)))?"
            + @"([-_.]?(?<dev>dev)[-_.]?(?<devn>\d*))?"
            + @"(\+(?<local>[a-z0-9]+([-_.][a-z0-9]+)*))?\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant,
        1000
    )]
    private static partial Regex Version();
}
