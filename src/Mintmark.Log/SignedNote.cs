using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>
/// c2sp.org/signed-note with exactly one signature, so that no byte of a note is outside what was signed or checked.
/// </summary>
sealed record SignedNote(string Text, string Name, uint KeyId, byte[] Signature)
{
    /// <summary>ECDSA over SHA-256 of the text, in ASN.1 DER.</summary>
    public const byte EcdsaType = 2;

    const string Separator = "\n\n";
    const string Mark = "\u2014 ";
    const int KeyIdLength = 4;

    public string Encode()
    {
        var signature = new byte[KeyIdLength + Signature.Length];
        BinaryPrimitives.WriteUInt32BigEndian(signature, KeyId);
        Signature.CopyTo(signature, KeyIdLength);
        return $"{Text}\n{Mark}{Name} {Convert.ToBase64String(signature)}\n";
    }

    /// <exception cref="FormatException">Not the one way to write a note with one signature.</exception>
    public static SignedNote Parse(string note)
    {
        var end = note.LastIndexOf(Separator, StringComparison.Ordinal);
        if (end < 0)
            throw new FormatException("no blank line between text and signature");
        var text = note[..(end + 1)];
        var line = note[(end + Separator.Length)..];
        var fields = line.Split(' ');
        if (fields is not ["\u2014", { Length: > 0 } name, { Length: > 1 } field] || !field.EndsWith('\n'))
            throw new FormatException("no signature line after the text");

        var bytes = new byte[field.Length];
        if (!Convert.TryFromBase64String(field[..^1], bytes, out var length) || length <= KeyIdLength)
            throw new FormatException("the signature is not in base64");
        var keyId = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        var parsed = new SignedNote(text, name, keyId, bytes[KeyIdLength..length]);
        return parsed.Encode() == note
            ? parsed
            : throw new FormatException("the note is not written in its canonical form");
    }

    public static uint IdOf(ReadOnlySpan<byte> subjectPublicKey) =>
        BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(subjectPublicKey));

    /// <summary>A name stands in signature lines and verifier keys, so it has neither spaces nor plus signs.</summary>
    public static void RequireName(string name)
    {
        if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '+' or '\uFFFD'))
            throw new FormatException($"'{name}' cannot name a log: no spaces, no control characters, no plus signs");
    }
}
