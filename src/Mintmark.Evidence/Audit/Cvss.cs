using System.Diagnostics;

namespace Mintmark.Evidence;

/// <summary>
/// CVSS base scores from vectors of versions 2.0, 3.0, 3.1 and 4.0 (first.org/cvss). Metrics of the groups that are not
/// base do not count.
/// </summary>
internal static class Cvss
{
    private const int LongestVector = 400;

    /// <returns>0 to 10, or null where it is no vector of these versions, or lacks a metric.</returns>
    public static decimal? BaseScore(string vector)
    {
        if (vector.Length > LongestVector)
            return null;
        var parts = vector.Trim().TrimStart('(').TrimEnd(')').Split('/', StringSplitOptions.RemoveEmptyEntries);
        var version =
            parts.Length > 0 && parts[0].StartsWith("CVSS:", StringComparison.Ordinal) ? parts[0][5..] : "2.0";
        var metrics = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var part in version == "2.0" && !vector.StartsWith("CVSS:", StringComparison.Ordinal) ? parts : parts[1..]
        )
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || !metrics.TryAdd(part[..colon], part[(colon + 1)..]))
                return null;
        }
        return version switch
        {
            "2.0" => Second(new Metrics(metrics)),
            "3.0" or "3.1" => Third(new Metrics(metrics)),
            "4.0" => CvssFour.BaseScore(metrics),
            _ => null,
        };
    }

    /// <summary>cvss-v2 guide, 3.2.1.</summary>
    private static decimal? Second(Metrics m)
    {
        var (access, complexity) = (m.Of("AV", "LAN", 0.395m, 0.646m, 1m), m.Of("AC", "HML", 0.35m, 0.61m, 0.71m));
        var authentication = m.Of("Au", "MSN", 0.45m, 0.56m, 0.704m);
        var (c, i, a) = (Lost("C"), Lost("I"), Lost("A"));
        if (m.Lacks)
            return null;
        var impact = 10.41m * (1 - ((1 - c) * (1 - i) * (1 - a)));
        var exploitability = 20 * access * complexity * authentication;
        var score = ((0.6m * impact) + (0.4m * exploitability) - 1.5m) * (impact == 0 ? 0 : 1.176m);
        return Math.Round(Math.Clamp(score, 0, 10), 1, MidpointRounding.AwayFromZero);

        decimal Lost(string metric) => m.Of(metric, "NPC", 0, 0.275m, 0.66m);
    }

    /// <summary>cvss-v31-specification, 7.1; that of 3.0 is the same for the base score.</summary>
    private static decimal? Third(Metrics m)
    {
        var changed = m.Of("S", "UC", 0, 1) == 1;
        var vector = m.Of("AV", "NALP", 0.85m, 0.62m, 0.55m, 0.2m);
        var complexity = m.Of("AC", "LH", 0.77m, 0.44m);
        var privileges = m.Of("PR", "NLH", 0.85m, changed ? 0.68m : 0.62m, changed ? 0.5m : 0.27m);
        var interaction = m.Of("UI", "NR", 0.85m, 0.62m);
        var (c, i, a) = (Lost("C"), Lost("I"), Lost("A"));
        if (m.Lacks)
            return null;
        var lost = 1 - ((1 - c) * (1 - i) * (1 - a));
        var impact = changed ? (7.52m * (lost - 0.029m)) - (3.25m * Power(lost - 0.02m, 15)) : 6.42m * lost;
        if (impact <= 0)
            return 0;
        var exploitability = 8.22m * vector * complexity * privileges * interaction;
        var sum = (changed ? 1.08m : 1m) * (impact + exploitability);
        return Math.Ceiling(Math.Round(Math.Min(sum, 10), 5) * 10) / 10;

        decimal Lost(string metric) => m.Of(metric, "NLH", 0, 0.22m, 0.56m);
    }

    private static decimal Power(decimal of, int by)
    {
        var power = 1m;
        for (var i = 0; i < by; i++)
            power *= of;
        return power;
    }

    /// <summary>Metrics with one letter each.</summary>
    private sealed class Metrics(Dictionary<string, string> metrics)
    {
        /// <summary>Whether one that was asked for is not there, or is none of its letters.</summary>
        public bool Lacks { get; private set; }

        public decimal Of(string metric, string letters, params ReadOnlySpan<decimal> weights)
        {
            Debug.Assert(letters.Length == weights.Length, "a weight for each letter");
            var at = metrics.GetValueOrDefault(metric) is { Length: 1 } letter ? letters.IndexOf(letter[0]) : -1;
            Lacks |= at < 0;
            return at < 0 ? 0 : weights[at];
        }
    }
}
