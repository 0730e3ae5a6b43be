using System.Globalization;
using System.Text;

namespace Mintmark.Log;

/// <summary>The file <c>slice</c>: which entries there are, which of them are redacted, and the range proof.</summary>
/// <param name="Redacted">Indices in order.</param>
sealed record SliceText(long From, long To, IReadOnlyList<long> Redacted, IReadOnlyList<Hash> Proof)
{
    const string Header = "mintmark/slice/v1";
    const string RedactedMark = "redacted ";

    /// <summary>Two a level of the highest tree.</summary>
    const int MaxProof = 2 * MerkleProof.MaxLength;

    public string ToText()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Header}\nentries {From} {To}\n");
        foreach (var index in Redacted)
            text.Append(CultureInfo.InvariantCulture, $"{RedactedMark}{index}\n");
        foreach (var hash in Proof)
            text.Append(hash.ToBase64()).Append('\n');
        return text.ToString();
    }

    /// <exception cref="FormatException">Not the one way to write it.</exception>
    public static SliceText Parse(string text)
    {
        var lines = text.Split('\n');
        if (lines is not [Header, var range, .., ""] || range.Split(' ') is not ["entries", var first, var end])
            throw new FormatException(
                $"it does not begin with '{Header}' and 'entries FROM TO', or does not end in \\n"
            );
        var slice = new SliceText(
            Number(first),
            Number(end),
            [.. lines[2..^1].TakeWhile(IsRedacted).Select(line => Number(line[RedactedMark.Length..]))],
            [.. lines[2..^1].SkipWhile(IsRedacted).Take(MaxProof + 1).Select(Hash.FromBase64)]
        );
        if (slice.Proof.Count > MaxProof)
            throw new FormatException($"a range proof has at most {MaxProof} hashes");
        for (var i = 0; i < slice.Redacted.Count; i++)
            if (slice.Redacted[i] < (i == 0 ? slice.From : slice.Redacted[i - 1] + 1) || slice.Redacted[i] >= slice.To)
                throw new FormatException("redacted entries are named once, in order and within the range");
        return slice.From < slice.To && slice.ToText() == text
            ? slice
            : throw new FormatException("it is not written in its canonical form");
    }

    static bool IsRedacted(string line) => line.StartsWith(RedactedMark, StringComparison.Ordinal);

    static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{text}' is no index");
}
