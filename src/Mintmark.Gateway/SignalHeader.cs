namespace Mintmark.Gateway;

/// <summary><c>Mint-Signal: declined, late</c>: names of what happened, by commas.</summary>
static class SignalHeader
{
    public const string Name = "Mint-Signal";

    /// <summary>Of one header: what is beyond is not looked at.</summary>
    private const int LongestRead = 512;

    private const int LongestName = 40;

    /// <returns>By bit, which of the signals that a version has declared are there; others are told.</returns>
    public static uint Read(ReadOnlySpan<char> header, LiveVersion version)
    {
        var found = 0u;
        foreach (var part in header[..Math.Min(header.Length, LongestRead)].Split(','))
        {
            var name = header[part].Trim(' ');
            if (name.IsEmpty)
                continue;
            var bit = BitOf(name, version.Signals);
            found |= bit;
            if (bit == 0)
                version.Ignored.Signal(name);
        }
        return found;
    }

    public static bool IsName(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > LongestName)
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
                return false;
        }
        return true;
    }

    private static uint BitOf(ReadOnlySpan<char> name, IReadOnlyList<string> signals)
    {
        for (var i = 0; i < signals.Count; i++)
        {
            if (name.SequenceEqual(signals[i]))
                return 1u << i;
        }
        return 0;
    }
}
