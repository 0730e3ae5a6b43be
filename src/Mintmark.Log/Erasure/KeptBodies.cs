using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>
/// Bodies beside the log, which are too large for an entry: each in a file named by its SHA-256, for the owner alone.
/// </summary>
/// <remarks>
/// A body is on disk before its hash is handed out, so no entry names what a crash took. Two may keep the same one.
/// </remarks>
public sealed class KeptBodies(string folder)
{
    readonly Lock keeping = new();

    /// <exception cref="LogStorageException">It could not be kept.</exception>
    public Hash Keep(ReadOnlySpan<byte> body)
    {
        var hash = new Hash(SHA256.HashData(body));
        lock (keeping)
            if (!File.Exists(In(hash)))
                PrivateFile.WriteNew(In(hash), body.ToArray());
        return hash;
    }

    /// <summary>Null where it is not kept here.</summary>
    /// <exception cref="LogCorruptException">What is there is not what was kept.</exception>
    public byte[]? Read(Hash hash)
    {
        if (!File.Exists(In(hash)))
            return null;
        var bytes = PrivateFile.ReadBytes(In(hash));
        return new Hash(SHA256.HashData(bytes)) == hash
            ? bytes
            : throw new LogCorruptException($"{In(hash)} is not what its name says: it was changed", null);
    }

    string In(Hash hash) => Path.Combine(folder, $"{hash}");
}
