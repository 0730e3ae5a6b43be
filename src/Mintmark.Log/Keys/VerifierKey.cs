using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Mintmark.Log;

/// <summary>
/// A public key with a name, as c2sp.org/signed-note writes it (a vkey): <c>name+id+base64(type ‖ key)</c>.
/// </summary>
abstract class VerifierKey(string name, uint id, byte type, byte[] material) : IDisposable
{
    public string Name => name;

    public uint Id => id;

    public byte Type => type;

    public string Text => TextOf(name, id, type, material);

    /// <summary>Whether this machine can check its signatures at all.</summary>
    public virtual bool IsUsable => true;

    public abstract bool Accepts(string text, ReadOnlySpan<byte> signature);

    public bool Signed(NoteSignature signature) => signature.Name == name && signature.KeyId == id;

    public virtual void Dispose() { }

    /// <exception cref="FormatException">Not the one way to write a verifier key of a type that is known.</exception>
    public static VerifierKey Parse(string text)
    {
        if (text.Split('+', 3) is not [var name, _, var field])
            throw new FormatException("a verifier key is name+hash+key");
        SignedNote.RequireName(name);
        var bytes = new byte[field.Length];
        if (!Convert.TryFromBase64String(field, bytes, out var length) || length < 2)
            throw new FormatException("the key of a verifier key is in base64");
        var material = bytes[1..length];
        var id = bytes[0] switch
        {
            EcdsaKey.KeyType => EcdsaKey.IdOf(material),
            Ed25519Key.KeyType => Ed25519Key.IdOf(name, material),
            CosignatureKey.KeyType => CosignatureKey.IdOf(name, material),
            var type => throw new FormatException(
                $"it is of type {type}; known are 1 (Ed25519), 2 (ECDSA) and, of witnesses, 4 (cosignature/v1)"
            ),
        };
        // Before the key is looked at: what does not hash to its id is a slip of the pen.
        if (TextOf(name, id, bytes[0], material) != text)
            throw new FormatException("the hash of the verifier key is not that of its key, or it is not canonical");
        return bytes[0] switch
        {
            EcdsaKey.KeyType => EcdsaKey.Of(name, material),
            Ed25519Key.KeyType => Ed25519Key.Of(name, material),
            _ => CosignatureKey.Of(name, material),
        };
    }

    public static string TextOf(string name, uint id, byte type, byte[] material) =>
        $"{name}+{id:x8}+{Convert.ToBase64String([type, .. material])}";

    /// <summary>The hash that c2sp.org/signed-note recommends.</summary>
    protected static uint IdOf(string name, byte type, ReadOnlySpan<byte> material) =>
        BinaryPrimitives.ReadUInt32BigEndian(
            SHA256.HashData([.. Encoding.UTF8.GetBytes(name), (byte)'\n', type, .. material])
        );
}

/// <summary>ECDSA P-256 over SHA-256 of the text, in ASN.1 DER; its id is that of its DER alone.</summary>
sealed class EcdsaKey : VerifierKey
{
    public const byte KeyType = 2;

    readonly ECDsa ecdsa;

    EcdsaKey(string name, byte[] der, ECDsa ecdsa)
        : base(name, IdOf(der), KeyType, der) => this.ecdsa = ecdsa;

    public static uint IdOf(byte[] der) => BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(der));

    public static EcdsaKey Of(string name, byte[] der)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportSubjectPublicKeyInfo(der, out var read);
            P256.Require(ecdsa);
            if (read != der.Length || !ecdsa.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(der))
                throw new FormatException("the key of the verifier key is not in its canonical form");
            return new EcdsaKey(name, der, ecdsa);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or PlatformNotSupportedException)
        {
            ecdsa.Dispose();
            throw new FormatException($"the key of the verifier key cannot be read ({e.Message})", e);
        }
    }

    public override bool Accepts(string text, ReadOnlySpan<byte> signature) =>
        ecdsa.VerifyData(
            SignedNote.BytesOf(text),
            signature,
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence
        );

    public override void Dispose()
    {
        ecdsa.Dispose();
        base.Dispose();
    }
}

/// <summary>Ed25519 over the text.</summary>
sealed class Ed25519Key : VerifierKey
{
    public const byte KeyType = 1;

    readonly byte[] publicKey;

    Ed25519Key(string name, byte[] publicKey)
        : base(name, IdOf(name, publicKey), KeyType, publicKey) => this.publicKey = publicKey;

    public static uint IdOf(string name, byte[] publicKey) => IdOf(name, KeyType, publicKey);

    public static Ed25519Key Of(string name, byte[] publicKey) =>
        publicKey.Length == Ed25519.KeyLength
            ? new Ed25519Key(name, publicKey)
            : throw new FormatException($"an Ed25519 key is {Ed25519.KeyLength} bytes, not {publicKey.Length}");

    public override bool IsUsable => Ed25519.IsAvailable;

    public override bool Accepts(string text, ReadOnlySpan<byte> signature) =>
        Ed25519.Verify(publicKey, SignedNote.BytesOf(text), signature);
}
