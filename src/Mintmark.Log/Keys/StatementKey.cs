using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>
/// Signs statements about builds: ECDSA P-256 over SHA-256, signatures in DER. It is not the log's key: whoever gets
/// hold of it can claim things about builds, and cannot make them entries of the log.
/// </summary>
public sealed class StatementKey : IDisposable
{
    readonly ECDsa ecdsa;

    StatementKey(ECDsa ecdsa) => this.ecdsa = ecdsa;

    /// <summary>The public half as SubjectPublicKeyInfo in DER.</summary>
    public byte[] PublicKey => ecdsa.ExportSubjectPublicKeyInfo();

    /// <summary>A key that lives in memory only.</summary>
    public static StatementKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>
    /// Loads the key at <paramref name="path"/>; if there is none, makes one that only its owner can read.
    /// </summary>
    /// <exception cref="LogCorruptException">The file is there and is not such a key.</exception>
    /// <exception cref="LogStorageException">The file cannot be read or written, or others can read it.</exception>
    public static StatementKey LoadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            using var fresh = Create();
            PrivateFile.WriteNew(path, fresh.ecdsa.ExportPkcs8PrivateKeyPem() + "\n");
        }
        PrivateFile.RequirePrivate(path);
        try
        {
            return new StatementKey(PrivateKeyText.Read(PrivateFile.Read(path)).Ecdsa);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or FormatException)
        {
            throw new LogCorruptException($"{path} is not a P-256 private key in PEM ({e.Message})", null, e);
        }
    }

    public byte[] Sign(ReadOnlySpan<byte> bytes) =>
        ecdsa.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    /// <param name="publicKey">As <see cref="PublicKey"/> gives it.</param>
    /// <exception cref="FormatException">It is no such key.</exception>
    public static bool Accepts(byte[] publicKey, ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        using var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out var read);
            P256.Require(key);
            if (read != publicKey.Length)
                throw new FormatException("there is more than a key");
        }
        catch (CryptographicException e)
        {
            throw new FormatException("it is no public key of ECDSA", e);
        }
        return key.VerifyData(bytes, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    public void Dispose() => ecdsa.Dispose();
}
