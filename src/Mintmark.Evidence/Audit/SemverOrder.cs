namespace Mintmark.Evidence;

/// <summary>Semantic versioning 2.0.0, as npm orders versions; build metadata does not count.</summary>
internal static class SemverOrder
{
    public static int Compare(string a, string b)
    {
        var (coreA, preA) = Split(a);
        var (coreB, preB) = Split(b);
        var core = Cores(coreA, coreB, 3);
        return core != 0 ? core : Prereleases(preA, preB, StringComparison.Ordinal);
    }

    /// <summary>Parts between dots, by number; those that are missing are zero.</summary>
    internal static int Cores(string a, string b, int least)
    {
        var (x, y) = (a.Split('.'), b.Split('.'));
        for (var i = 0; i < Math.Max(Math.Max(x.Length, y.Length), least); i++)
        {
            var difference = VersionOrder.Numbers(i < x.Length ? x[i] : "0", i < y.Length ? y[i] : "0");
            if (difference != 0)
                return difference;
        }
        return 0;
    }

    /// <summary>A release is above its prereleases; numbers are below words.</summary>
    internal static int Prereleases(string? a, string? b, StringComparison words)
    {
        if (a is null || b is null)
            return (b is not null).CompareTo(a is not null);
        var (x, y) = (a.Split('.'), b.Split('.'));
        for (var i = 0; i < Math.Min(x.Length, y.Length); i++)
        {
            var difference = (IsNumber(x[i]), IsNumber(y[i])) switch
            {
                (true, true) => VersionOrder.Numbers(x[i], y[i]),
                (true, false) => -1,
                (false, true) => 1,
                _ => VersionOrder.Sign(string.Compare(x[i], y[i], words)),
            };
            if (difference != 0)
                return difference;
        }
        return x.Length.CompareTo(y.Length);
    }

    internal static (string Core, string? Prerelease) Split(string version)
    {
        var plain = version.TrimStart('v', '=', ' ').Split('+')[0];
        var dash = plain.IndexOf('-', StringComparison.Ordinal);
        return dash < 0 ? (plain, null) : (plain[..dash], plain[(dash + 1)..]);
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
}

/// <summary>As semantic versioning, with a fourth part and words without regard to case.</summary>
internal static class NugetOrder
{
    public static int Compare(string a, string b)
    {
        var (coreA, preA) = SemverOrder.Split(a);
        var (coreB, preB) = SemverOrder.Split(b);
        var core = SemverOrder.Cores(coreA, coreB, 4);
        return core != 0 ? core : SemverOrder.Prereleases(preA, preB, StringComparison.OrdinalIgnoreCase);
    }
}
