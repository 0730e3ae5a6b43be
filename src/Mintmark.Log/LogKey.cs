using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>
/// The key that signs checkpoints: ECDSA P-256. In notes and verifier keys it goes by the log's origin.
/// </summary>
public sealed class LogKey : IDisposable
{
    readonly ECDsa ecdsa;
    readonly byte[] publicKey;

    LogKey(ECDsa ecdsa)
    {
        this.ecdsa = ecdsa;
        publicKey = ecdsa.ExportSubjectPublicKeyInfo();
    }

    /// <summary>A key that lives in memory only.</summary>
    public static LogKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>
    /// Loads the key at <paramref name="path"/>; if there is none, makes one that only its owner can read.
    /// </summary>
    /// <exception cref="LogCorruptException">The file is there and is not such a key.</exception>
    /// <exception cref="LogStorageException">The file cannot be read or written, or others can read it.</exception>
    public static LogKey LoadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            using var fresh = Create();
            PrivateFile.WriteNew(path, fresh.ecdsa.ExportPkcs8PrivateKeyPem() + "\n");
        }
        PrivateFile.RequirePrivate(path);
        return Load(path, PrivateFile.Read(path));
    }

    static LogKey Load(string path, string pem)
    {
        var ecdsa = ECDsa.Create();
        try
        {
            ecdsa.ImportFromPem(pem);
            P256.Require(ecdsa);
            return new LogKey(ecdsa);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or FormatException)
        {
            ecdsa.Dispose();
            throw new LogCorruptException(
                $"{path} is not a P-256 private key in PEM ({e.Message}); restore it from a backup, since another key "
                    + "cannot verify this log",
                null,
                e
            );
        }
    }

    /// <summary>The verifier key of c2sp.org/signed-note: what others need to check this log's checkpoints.</summary>
    public string VerifierText(string origin)
    {
        SignedNote.RequireName(origin);
        byte[] material = [SignedNote.EcdsaType, .. publicKey];
        return $"{origin}+{SignedNote.IdOf(publicKey):x8}+{Convert.ToBase64String(material)}";
    }

    public string SignCheckpoint(Checkpoint checkpoint)
    {
        SignedNote.RequireName(checkpoint.Origin);
        var text = checkpoint.ToText();
        var signature = ecdsa.SignData(
            System.Text.Encoding.UTF8.GetBytes(text),
            HashAlgorithmName.SHA256,
            DSASignatureFormat.Rfc3279DerSequence
        );
        return new SignedNote(text, checkpoint.Origin, SignedNote.IdOf(publicKey), signature).Encode();
    }

    public void Dispose() => ecdsa.Dispose();
}
