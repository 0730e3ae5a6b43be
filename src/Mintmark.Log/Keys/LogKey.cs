using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>
/// The key that signs checkpoints: ECDSA P-256, which everybody can check, and Ed25519, which witnesses want, where
/// libcrypto is there. In notes and verifier keys both go by the log's origin.
/// </summary>
public sealed class LogKey : IDisposable
{
    readonly ECDsa ecdsa;
    readonly byte[] publicKey;
    readonly byte[]? seed;
    readonly Ed25519.Private? second;

    LogKey(ECDsa ecdsa, byte[]? seed)
    {
        this.ecdsa = ecdsa;
        this.seed = seed;
        publicKey = ecdsa.ExportSubjectPublicKeyInfo();
        second = seed is not null && Ed25519.IsAvailable ? new Ed25519.Private(seed) : null;
    }

    /// <summary>What its checkpoints lack on this machine, and why; null where they lack nothing.</summary>
    public string? Warning =>
        second is not null ? null
        : Ed25519.IsAvailable ? "the log's key has no Ed25519 part: mint log rotate-key makes one that has"
        : $"checkpoints are signed with ECDSA alone: {Ed25519.Missing}";

    /// <summary>A key that lives in memory only.</summary>
    public static LogKey Create() =>
        new(ECDsa.Create(ECCurve.NamedCurves.nistP256), RandomNumberGenerator.GetBytes(Ed25519.KeyLength));

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
            PrivateFile.WriteNew(path, PrivateKeyText.Write(fresh.ecdsa, fresh.seed));
        }
        PrivateFile.RequirePrivate(path);
        return Load(path, PrivateFile.Read(path));
    }

    static LogKey Load(string path, string pem)
    {
        try
        {
            var (ecdsa, seed) = PrivateKeyText.Read(pem);
            return new LogKey(ecdsa, seed);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException or FormatException)
        {
            throw new LogCorruptException(
                $"{path} is not a P-256 private key in PEM ({e.Message}); restore it from a backup, since another key "
                    + "cannot verify this log",
                null,
                e
            );
        }
    }

    /// <summary>
    /// The verifier keys of c2sp.org/signed-note, one a line: what others need to check this log's checkpoints.
    /// </summary>
    public string VerifierText(string origin)
    {
        SignedNote.RequireName(origin);
        var own = VerifierKey.TextOf(origin, EcdsaKey.IdOf(publicKey), EcdsaKey.KeyType, publicKey);
        if (second is not { PublicKey: var key })
            return own;
        return $"{own}\n{VerifierKey.TextOf(origin, Ed25519Key.IdOf(origin, key), Ed25519Key.KeyType, key)}";
    }

    public string SignCheckpoint(Checkpoint checkpoint) => Sign(checkpoint.ToText(), checkpoint.Origin).Encode();

    internal SignedNote Sign(string text, string origin)
    {
        SignedNote.RequireName(origin);
        var bytes = SignedNote.BytesOf(text);
        var own = ecdsa.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        var note = new SignedNote(text, [new NoteSignature(origin, EcdsaKey.IdOf(publicKey), own)]);
        return second is null
            ? note
            : note.With([new NoteSignature(origin, Ed25519Key.IdOf(origin, second.PublicKey), second.Sign(bytes))]);
    }

    public void Dispose()
    {
        ecdsa.Dispose();
        second?.Dispose();
    }
}
