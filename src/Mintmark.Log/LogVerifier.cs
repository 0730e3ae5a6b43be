using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Log;

/// <summary>Opens the checkpoints of one log: of the origin and by the key that its verifier key names.</summary>
public sealed class LogVerifier : IDisposable
{
    readonly ECDsa ecdsa;
    readonly uint keyId;

    LogVerifier(string verifierText, string origin, ECDsa ecdsa, uint keyId)
    {
        VerifierText = verifierText;
        Origin = origin;
        this.ecdsa = ecdsa;
        this.keyId = keyId;
    }

    public string Origin { get; }

    public string VerifierText { get; }

    /// <exception cref="FormatException">Not the one way to write an ECDSA P-256 verifier key.</exception>
    public static LogVerifier Parse(string verifierText)
    {
        if (verifierText.Split('+', 3) is not [var origin, var id, var material])
            throw new FormatException("a verifier key is name+hash+key");
        SignedNote.RequireName(origin);

        var bytes = new byte[material.Length];
        if (!Convert.TryFromBase64String(material, bytes, out var length) || length == 0)
            throw new FormatException("the key of a verifier key is in base64");
        if (Convert.ToBase64String(bytes, 0, length) != material || bytes[0] != SignedNote.EcdsaType)
            throw new FormatException(
                $"the verifier key is not of type {SignedNote.EcdsaType} (ECDSA) in canonical base64"
            );
        var publicKey = bytes.AsSpan(1, length - 1);
        var keyId = SignedNote.IdOf(publicKey);
        if (id != $"{keyId:x8}")
            throw new FormatException("the hash of the verifier key is not that of its key");
        return new LogVerifier(verifierText, origin, Import(publicKey), keyId);
    }

    static ECDsa Import(ReadOnlySpan<byte> publicKey)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportSubjectPublicKeyInfo(publicKey, out var read);
            P256.Require(ecdsa);
            if (read != publicKey.Length || !ecdsa.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(publicKey))
                throw new FormatException("the key of the verifier key is not in its canonical form");
            return ecdsa;
        }
        catch (CryptographicException e)
        {
            ecdsa.Dispose();
            throw new FormatException($"the key of the verifier key cannot be read ({e.Message})", e);
        }
    }

    /// <exception cref="LogCorruptException">Any byte differs from what the key signed.</exception>
    public Checkpoint Open(string signedNote)
    {
        try
        {
            var note = SignedNote.Parse(signedNote);
            var checkpoint = Checkpoint.Parse(note.Text);
            if (checkpoint.Origin != Origin || note.Name != Origin)
                throw new FormatException(
                    $"it is of '{checkpoint.Origin}', signed as '{note.Name}', not of '{Origin}'"
                );
            if (note.KeyId != keyId)
                throw new FormatException($"it names the key {note.KeyId:x8}, not {keyId:x8}");
            return IsSigned(note) ? checkpoint : throw new FormatException("its text is not what the key signed");
        }
        catch (FormatException e)
        {
            throw new LogCorruptException($"the checkpoint does not verify: {e.Message}", null, e);
        }
    }

    bool IsSigned(SignedNote note) =>
        ecdsa.VerifyData(
            Encoding.UTF8.GetBytes(note.Text),
            note.Signature,
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence
        );

    public void Dispose() => ecdsa.Dispose();
}
