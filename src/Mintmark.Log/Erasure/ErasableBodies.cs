using System.Security.Cryptography;

namespace Mintmark.Log;

/// <summary>
/// Bodies beside the log, each with its salt in a file named by its commitment. The log holds the commitment, so its
/// proofs hold whether or not the body is still there; with body and salt gone, the commitment says nothing any more.
/// </summary>
/// <remarks>
/// A body is on disk before its commitment is handed out: no entry commits to what a crash took. One whose entry was
/// never logged is left over until <see cref="EraseAllBut"/>. What a disk keeps of a deleted file, and backups, are the
/// operator's.
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

    /// <summary>
    /// What none of these names, as a crash between a body and its entry leaves it, whole or half written. Not while a
    /// body is kept: its entry is yet to come.
    /// </summary>
    /// <exception cref="LogStorageException">One could not be erased.</exception>
    public void EraseAllBut(IEnumerable<Commitment> named)
    {
        if (!Directory.Exists(folder))
            return;
        var kept = named.Select(commitment => commitment.FileName).ToHashSet(StringComparer.Ordinal);
        foreach (var path in Directory.GetFiles(folder).Where(path => IsLeftOver(Path.GetFileName(path), kept)))
        {
            PrivateFile.Delete(path);
            PrivateFile.FlushFolderOf(path);
        }
    }

    /// <summary>Only what is of the form that bodies have here: other files are not ours.</summary>
    static bool IsLeftOver(string name, HashSet<string> kept) =>
        name.Split('.')[0] is { Length: 2 * Hash.Length } digits
        && digits.All(char.IsAsciiHexDigitLower)
        && (name == digits ? !kept.Contains(name) : name.EndsWith(".tmp", StringComparison.Ordinal));

    string In(Commitment commitment) => Path.Combine(folder, commitment.FileName);
}
