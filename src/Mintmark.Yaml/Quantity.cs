using System.Globalization;

namespace Mintmark.Yaml;

/// <summary>Durations, sizes and shares as people write them in a manifest.</summary>
public static class Quantity
{
    private static readonly (string Unit, long Factor)[] Durations = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    private static readonly (string Unit, long Factor)[] ShortDurations =
    [
        ("ms", 1),
        ("s", 1_000),
        ("m", 60_000),
        ("h", 3_600_000),
    ];

    private static readonly (string Unit, long Factor)[] Sizes = [("M", 1L << 20), ("G", 1L << 30), ("T", 1L << 40)];

    public static bool TrySeconds(string text, out long seconds) => TryUnits(text, Durations, out seconds);

    public static bool TryMilliseconds(string text, out long milliseconds) =>
        TryUnits(text, ShortDurations, out milliseconds);

    public static bool TryBytes(string text, out long bytes) => TryUnits(text, Sizes, out bytes);

    /// <summary>Such as <c>5%</c> or <c>0.25%</c>, to hundredths of a percent.</summary>
    public static bool TryBasisPoints(string text, out int basisPoints)
    {
        basisPoints = 0;
        var digits = text.EndsWith('%') ? text[..^1] : "";
        if (
            !decimal.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            || percent > 100
            || decimal.Truncate(percent * 100) != percent * 100
        )
            return false;
        basisPoints = (int)(percent * 100);
        return true;
    }

    /// <summary>Such as <c>20/s</c>, <c>600/m</c> or <c>1000/h</c>.</summary>
    public static bool TryRate(string text, out long count, out int seconds)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        seconds = (slash < 0 ? "" : text[(slash + 1)..]) switch
        {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            _ => 0,
        };
        count = 0;
        return seconds > 0 && long.TryParse(text.AsSpan(0, slash), NumberStyles.None, null, out count);
    }

    public static string Duration(long seconds) => Written(seconds, Durations);

    public static string ShortDuration(long milliseconds) => Written(milliseconds, ShortDurations);

    public static string Size(long bytes) => Written(bytes, Sizes);

    public static string Percent(int basisPoints) => $"{basisPoints / 100m:0.##}%";

    private static bool TryUnits(string text, (string Unit, long Factor)[] units, out long value)
    {
        value = 0;
        foreach (var (unit, factor) in units)
        {
            if (!text.EndsWith(unit, StringComparison.Ordinal))
                continue;
            if (!long.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, null, out var count))
                return false;
            if (count > long.MaxValue / factor)
                return false;
            value = count * factor;
            return true;
        }
        return false;
    }

    private static string Written(long value, (string Unit, long Factor)[] units)
    {
        var (unit, factor) = units.LastOrDefault(u => value >= u.Factor && value % u.Factor == 0, units[0]);
        return $"{value / factor}{unit}";
    }
}
