namespace Mintmark.Log;

/// <summary>The file of a log's key, and beside it the public one: <c>key.pem</c> and <c>key.pub</c>.</summary>
public sealed class LogKeyFile(string path)
{
    /// <summary>
    /// The first verifier keys of the log, one a line; never written again, since the entries tell which came after.
    /// </summary>
    public string PublicPath { get; } = Path.ChangeExtension(path, ".pub");

    /// <summary>A key to come. The log says whether it has: then it signed the latest checkpoint.</summary>
    string NextPath { get; } = path + ".next";

    /// <summary>
    /// The key that signs now; made where there is none. A rotation that a crash cut off is finished or forgotten.
    /// </summary>
    /// <exception cref="LogCorruptException">The file is there and is not such a key.</exception>
    /// <exception cref="LogStorageException">It cannot be read or written, or others can read it.</exception>
    public LogKey Open(string? latestCheckpoint, string origin)
    {
        Settle(latestCheckpoint, origin);
        var key = LogKey.LoadOrCreate(path);
        if (!File.Exists(PublicPath))
            PrivateFile.WriteNew(PublicPath, key.VerifierText(origin) + "\n");
        return key;
    }

    /// <summary>
    /// Makes the key to come. It is not the log's before <see cref="Take"/>; the one before may still have to be taken.
    /// </summary>
    public LogKey Next(string? latestCheckpoint, string origin)
    {
        Settle(latestCheckpoint, origin);
        return LogKey.LoadOrCreate(NextPath);
    }

    /// <summary>The key to come is the one that signs; the one before is gone for ever.</summary>
    public void Take() => PrivateFile.Move(NextPath, path);

    /// <summary>A key to come that signs already is the log's, and its only file is this one; another is forgotten.</summary>
    void Settle(string? latestCheckpoint, string origin)
    {
        if (!File.Exists(NextPath))
            return;
        using var next = LogKey.LoadOrCreate(NextPath);
        if (latestCheckpoint is not null && Signed(next, latestCheckpoint, origin))
            Take();
        else
            PrivateFile.Delete(NextPath);
    }

    static bool Signed(LogKey key, string note, string origin)
    {
        using var verifier = LogVerifier.Parse(key.VerifierText(origin));
        try
        {
            verifier.Open(note);
            return true;
        }
        catch (LogCorruptException)
        {
            return false;
        }
    }
}
