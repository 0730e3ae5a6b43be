using System.Globalization;
using System.Text;

namespace Mintmark.Log;

/// <summary>
/// That an entry is in a log, as a file of c2sp.org/tlog-proof: index, inclusion proof and the checkpoint that it is
/// under. What entry it is about the reader must know.
/// </summary>
/// <param name="Note">The signed checkpoint, as it was signed.</param>
public sealed record InclusionProof(long Index, IReadOnlyList<Hash> Path, string Note)
{
    public const string Header = "c2sp.org/tlog-proof@v1";

    const string IndexMark = "index ";

    /// <summary>More than a true one needs, with an entry and the signatures of all witnesses there may be.</summary>
    const int MaxChars = 1 << 17;

    /// <summary>Opaque, unsigned data of the writer, in base64; here, the entry itself.</summary>
    const string ExtraMark = "extra ";

    /// <summary>What the file brings along and nobody signed; null where there is nothing.</summary>
    public byte[]? Extra { get; init; }

    public string ToText()
    {
        var text = new StringBuilder().Append(Header).Append('\n');
        if (Extra is not null)
            text.Append(ExtraMark).Append(Convert.ToBase64String(Extra)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{IndexMark}{Index}\n");
        foreach (var hash in Path)
            text.Append(hash.ToBase64()).Append('\n');
        return text.Append('\n').Append(Note).ToString();
    }

    /// <exception cref="FormatException">Not the one way to write a proof; says what is wrong.</exception>
    public static InclusionProof Parse(string text)
    {
        if (text.Length > MaxChars)
            throw new FormatException($"a proof is at most {MaxChars} characters long");
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException("no blank line between the proof and its checkpoint");
        var lines = text[..end].Split('\n');
        if (lines[0] != Header)
            throw new FormatException($"its first line is not {Header}");
        var at = lines.Length > 1 && lines[1].StartsWith(ExtraMark, StringComparison.Ordinal) ? 2 : 1;
        var extra = at == 2 ? Base64(lines[1][ExtraMark.Length..]) : null;
        if (lines.Length <= at || !TryIndex(lines[at], out var index))
            throw new FormatException("it has no line 'index N'");
        if (lines.Length - at - 1 > MerkleProof.MaxLength)
            throw new FormatException($"it has more than {MerkleProof.MaxLength} hashes");
        var path = lines[(at + 1)..].Select(Hash.FromBase64).ToList();
        var proof = new InclusionProof(index, path, text[(end + 2)..]) { Extra = extra };
        return proof.ToText() == text ? proof : throw new FormatException("it is not written in its canonical form");
    }

    /// <summary>The checkpoint, if the proof ties the leaf to it.</summary>
    /// <exception cref="LogCorruptException">It does not, or the checkpoint is not signed by the key.</exception>
    public Checkpoint Open(LogVerifier verifier, Hash leaf)
    {
        var checkpoint = verifier.Open(Note);
        return MerkleProof.RootOf(leaf, Index, checkpoint.Size, [.. Path]) == checkpoint.Root
            ? checkpoint
            : throw new LogCorruptException("the proof does not tie it to the checkpoint", Index);
    }

    static bool TryIndex(string line, out long index)
    {
        index = 0;
        return line.StartsWith(IndexMark, StringComparison.Ordinal)
            && long.TryParse(line.AsSpan(IndexMark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    static byte[] Base64(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? bytes[..length]
            : throw new FormatException("its extra data is not in base64");
    }
}
