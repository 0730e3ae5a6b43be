using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>Private keys as PKCS#8 in PEM, below each other: P-256, then Ed25519 (RFC 8410) if there is one.</summary>
static class PrivateKeyText
{
    const string Label = "PRIVATE KEY";

    /// <summary>OneAsymmetricKey of version 0 with the algorithm 1.3.101.112, up to the 32 bytes of the key.</summary>
    static readonly byte[] Ed25519Head = Convert.FromHexString("302e020100300506032b657004220420");

    public static string Write(ECDsa ecdsa, byte[]? seed)
    {
        var text = ecdsa.ExportPkcs8PrivateKeyPem() + "\n";
        return seed is null ? text : text + PemEncoding.WriteString(Label, [.. Ed25519Head, .. seed]) + "\n";
    }

    public static string Write(ReadOnlySpan<byte> seed) =>
        PemEncoding.WriteString(Label, [.. Ed25519Head, .. seed]) + "\n";

    public static (ECDsa Ecdsa, byte[]? Seed) Read(string text)
    {
        var first = PemEncoding.Find(text);
        var end = first.Location.End.GetOffset(text.Length);
        var seed = text[end..].AsSpan().Trim().IsEmpty ? null : ReadSeed(text[end..]);
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportFromPem(text.AsSpan()[first.Location]);
            P256.Require(ecdsa);
            return (ecdsa, seed);
        }
        catch
        {
            ecdsa.Dispose();
            throw;
        }
    }

    /// <exception cref="ArgumentException">There is no PEM.</exception>
    /// <exception cref="FormatException">It is not that of an Ed25519 key.</exception>
    public static byte[] ReadSeed(string text)
    {
        var der = Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]);
        return der.Length == Ed25519Head.Length + Ed25519.KeyLength && der.AsSpan().StartsWith(Ed25519Head)
            ? der[Ed25519Head.Length..]
            : throw new FormatException("a private key in it is not an Ed25519 key in PKCS#8");
    }
}
