using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>The key of a witness, and its name.</summary>
public sealed class WitnessKey : IDisposable
{
    readonly string name;
    readonly Ed25519.Private key;

    WitnessKey(string name, byte[] seed)
    {
        SignedNote.RequireName(name);
        this.name = name;
        key = new Ed25519.Private(seed);
    }

    /// <summary>The verifier key that others check its cosignatures with.</summary>
    public string VerifierText =>
        VerifierKey.TextOf(name, CosignatureKey.IdOf(name, key.PublicKey), CosignatureKey.KeyType, key.PublicKey);

    /// <summary>Loads it; if there is none, makes one that only its owner can read.</summary>
    /// <exception cref="FormatException">The name cannot be one, or this machine has no Ed25519.</exception>
    /// <exception cref="LogCorruptException">The file is there and is no such key.</exception>
    /// <exception cref="LogStorageException">It cannot be read or written, or others can read it.</exception>
    public static WitnessKey LoadOrCreate(string path, string name)
    {
        if (!Ed25519.IsAvailable)
            throw new FormatException($"a witness cannot run here: {Ed25519.Missing}");
        SignedNote.RequireName(name);
        if (!File.Exists(path))
            PrivateFile.WriteNew(path, PrivateKeyText.Write(RandomNumberGenerator.GetBytes(Ed25519.KeyLength)));
        PrivateFile.RequirePrivate(path);
        try
        {
            return new WitnessKey(name, PrivateKeyText.ReadSeed(PrivateFile.Read(path)));
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw new LogCorruptException($"{path} is not an Ed25519 private key in PEM ({e.Message})", null, e);
        }
    }

    /// <param name="time">Seconds since 1970.</param>
    internal NoteSignature Cosign(string text, long time) =>
        new(name, CosignatureKey.IdOf(name, key.PublicKey), CosignatureKey.Sign(key, text, time));

    public void Dispose() => key.Dispose();
}
