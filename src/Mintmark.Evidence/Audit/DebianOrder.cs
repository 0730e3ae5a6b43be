namespace Mintmark.Evidence;

/// <summary>
/// Order of dpkg (deb-version(7)): epoch, upstream version, revision; by runs of other characters and of digits, where
/// '~' is below the end and letters are below everything else.
/// </summary>
internal static class DebianOrder
{
    public static int Compare(string a, string b)
    {
        var (epochA, restA) = Epoch(a);
        var (epochB, restB) = Epoch(b);
        var epoch = VersionOrder.Numbers(epochA, epochB);
        if (epoch != 0)
            return epoch;
        var (upstreamA, revisionA) = Revision(restA);
        var (upstreamB, revisionB) = Revision(restB);
        var upstream = Parts(upstreamA, upstreamB);
        return upstream != 0 ? upstream : Parts(revisionA, revisionB);
    }

    private static (string Epoch, string Version) Epoch(string version)
    {
        var colon = version.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? ("0", version) : (version[..colon], version[(colon + 1)..]);
    }

    private static (string Upstream, string Revision) Revision(string version)
    {
        var dash = version.LastIndexOf('-');
        return dash < 0 ? (version, "") : (version[..dash], version[(dash + 1)..]);
    }

    private static int Parts(string a, string b)
    {
        var (i, j) = (0, 0);
        while (i < a.Length || j < b.Length)
        {
            while ((i < a.Length && !char.IsAsciiDigit(a[i])) || (j < b.Length && !char.IsAsciiDigit(b[j])))
            {
                var difference = Weight(a, i).CompareTo(Weight(b, j));
                if (difference != 0)
                    return difference;
                i++;
                j++;
            }
            var (endI, endJ) = (DigitsFrom(a, i), DigitsFrom(b, j));
            var number = VersionOrder.Numbers(a.AsSpan(i, endI - i), b.AsSpan(j, endJ - j));
            if (number != 0)
                return number;
            (i, j) = (endI, endJ);
        }
        return 0;
    }

    private static int DigitsFrom(string text, int from)
    {
        while (from < text.Length && char.IsAsciiDigit(text[from]))
            from++;
        return from;
    }

    private static int Weight(string text, int at) =>
        at >= text.Length || char.IsAsciiDigit(text[at]) ? 0
        : text[at] == '~' ? -1
        : char.IsAsciiLetter(text[at]) ? text[at]
        : text[at] + 256;
}
