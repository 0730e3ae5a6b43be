using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>
/// Bodies beside the log, each with its salt in a file named by its commitment. The log holds the commitment, so its
/// proofs hold whether or not the body is still there; with body and salt gone, the commitment says nothing any more.
/// </summary>
/// <remarks>
/// A body is on disk before its commitment is handed out: no entry commits to what a crash took. One whose entry was
/// never logged is left over and harmless. What a disk keeps of a deleted file, and backups, are the operator's.
/// </remarks>
public sealed class ErasableBodies(string folder)
{
    /// <exception cref="LogStorageException">It could not be kept.</exception>
    public Commitment Keep(ReadOnlySpan<byte> body)
    {
        var salt = RandomNumberGenerator.GetBytes(Commitment.SaltLength);
        var commitment = Commitment.To(salt, body);
        PrivateFile.WriteNew(In(commitment), [.. salt, .. body]);
        return commitment;
    }

    /// <summary>Null where it was erased, or never kept here.</summary>
    /// <exception cref="LogCorruptException">What is there is not what was committed to.</exception>
    public byte[]? Read(Commitment commitment) =>
        Opening(commitment) is { } opening ? opening[Commitment.SaltLength..] : null;

    /// <summary>Salt and body: what somebody else needs to hold the body against the commitment.</summary>
    /// <exception cref="LogCorruptException">What is there is not what was committed to.</exception>
    public byte[]? Opening(Commitment commitment)
    {
        if (!File.Exists(In(commitment)))
            return null;
        var bytes = PrivateFile.ReadBytes(In(commitment));
        var fits =
            bytes.Length >= Commitment.SaltLength
            && Commitment.To(bytes.AsSpan(0, Commitment.SaltLength), bytes.AsSpan(Commitment.SaltLength)) == commitment;
        return fits
            ? bytes
            : throw new LogCorruptException($"the body of {commitment} is not the one that was committed to", null);
    }

    /// <summary>For ever: it returns when the file's name is gone from the disk.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="LogStorageException">It could not be erased.</exception>
    public bool Erase(Commitment commitment)
    {
        var was = File.Exists(In(commitment));
        PrivateFile.Delete(In(commitment));
        if (was)
            PrivateFile.FlushFolderOf(In(commitment));
        return was;
    }

    string In(Commitment commitment) => Path.Combine(folder, commitment.FileName);
}
