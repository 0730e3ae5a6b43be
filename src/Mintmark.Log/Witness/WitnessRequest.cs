using System.Globalization;
using System.Text;

namespace Mintmark.Log;

/// <summary>What a log sends to a witness: the body of add-checkpoint of c2sp.org/tlog-witness.</summary>
/// <param name="OldSize">Of the checkpoint that the witness saw last; 0 where it saw none.</param>
/// <param name="Proof">That the tree of the note begins with that one.</param>
public sealed record WitnessRequest(long OldSize, IReadOnlyList<Hash> Proof, string Note)
{
    public const int MaxChars = 1 << 17;

    const string OldMark = "old ";

    public string ToText()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{OldMark}{OldSize}\n");
        foreach (var hash in Proof)
            text.Append(hash.ToBase64()).Append('\n');
        return text.Append('\n').Append(Note).ToString();
    }

    /// <exception cref="FormatException">Not the one way to write it; says what is wrong.</exception>
    public static WitnessRequest Parse(string text)
    {
        if (text.Length > MaxChars)
            throw new FormatException($"a request is at most {MaxChars} characters long");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException("no blank line between the proof and the checkpoint");
        var lines = text[..end].Split('\n', MerkleProof.MaxLength + 2);
        if (lines.Length > MerkleProof.MaxLength + 1)
            throw new FormatException($"a proof has at most {MerkleProof.MaxLength} hashes");
        if (
            !lines[0].StartsWith(OldMark, StringComparison.Ordinal)
            || !long.TryParse(
                lines[0].AsSpan(OldMark.Length),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var size
            )
        )
            throw new FormatException("the first line is not 'old N'");
        var request = new WitnessRequest(size, [.. lines[1..].Select(Hash.FromBase64)], text[(end + 2)..]);
        return request.ToText() == text
            ? request
            : throw new FormatException("the request is not written in its canonical form");
    }
}
