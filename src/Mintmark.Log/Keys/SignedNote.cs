using System.Buffers.Binary;
using System.Text;

namespace Mintmark.Log;

/// <summary>One signature line of a note.</summary>
sealed record NoteSignature(string Name, uint KeyId, byte[] Bytes)
{
    const string Mark = "\u2014 ";
    const int KeyIdLength = 4;

    public string Encode()
    {
        var signature = new byte[KeyIdLength + Bytes.Length];
        BinaryPrimitives.WriteUInt32BigEndian(signature, KeyId);
        Bytes.CopyTo(signature, KeyIdLength);
        return $"{Mark}{Name} {Convert.ToBase64String(signature)}\n";
    }

    /// <exception cref="FormatException">Not the one way to write a signature line.</exception>
    public static NoteSignature Parse(string line)
    {
        if (line.Split(' ') is not ["\u2014", { Length: > 0 } name, { Length: > 0 } field])
            throw new FormatException("a signature line is a dash, a name and base64");
        var bytes = new byte[field.Length];
        if (!Convert.TryFromBase64String(field, bytes, out var length) || length <= KeyIdLength)
            throw new FormatException("the signature is not in base64");
        var keyId = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var parsed = new NoteSignature(name, keyId, bytes[KeyIdLength..length]);
        SignedNote.RequireName(name);
        return parsed.Encode() == line + "\n"
            ? parsed
            : throw new FormatException("a signature line is not written in its canonical form");
    }
}

/// <summary>A text and who signed it: c2sp.org/signed-note.</summary>
/// <param name="Text">Ends in a newline.</param>
sealed record SignedNote(string Text, IReadOnlyList<NoteSignature> Signatures)
{
    public const int MaxSignatures = 32;
    public const int MaxChars = 1 << 16;

    const string Separator = "\n\n";

    public string Encode() => $"{Text}\n{string.Concat(Signatures.Select(signature => signature.Encode()))}";

    /// <exception cref="FormatException">Not the one way to write a note, or one beyond all measure.</exception>
    public static SignedNote Parse(string note)
    {
        if (note.Length > MaxChars)
            throw new FormatException($"a note is at most {MaxChars} characters long");
        var end = note.LastIndexOf(Separator, StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException("no blank line between text and signatures");
        var text = note[..(end + 1)];
        if (text.Any(c => c < ' ' && c != '\n'))
            throw new FormatException("a note holds no control characters");
        var lines = note[(end + Separator.Length)..].Split('\n', MaxSignatures + 2);
        if (lines is not [.. { Length: > 0 and <= MaxSignatures } signed, ""])
            throw new FormatException($"a note ends in 1 to {MaxSignatures} signature lines");
        return new SignedNote(text, [.. signed.Select(NoteSignature.Parse)]);
    }

    /// <summary>The same text, signed by some more.</summary>
    public SignedNote With(IEnumerable<NoteSignature> more) => this with { Signatures = [.. Signatures, .. more] };

    /// <summary>A name stands in signature lines and verifier keys, so it has neither spaces nor plus signs.</summary>
    public static void RequireName(string name)
    {
        if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '+' or '\uFFFD'))
            throw new FormatException($"'{name}' cannot name a key: no spaces, no control characters, no plus signs");
    }

    public static byte[] BytesOf(string text) => Encoding.UTF8.GetBytes(text);
}
