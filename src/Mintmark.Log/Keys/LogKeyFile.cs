namespace Mintmark.Log;

/// <summary>The file of a log's key, and beside it the public one: <c>key.pem</c> and <c>key.pub</c>.</summary>
public sealed class LogKeyFile(string path)
{
    /// <summary>
    /// The first verifier keys of the log, one a line; never written again, since the entries tell which came after.
    /// </summary>
    public string PublicPath { get; } = Path.ChangeExtension(path, ".pub");

    /// <summary>A key to come. The log says whether it has, and then this may be the only file of it.</summary>
    string NextPath { get; } = path + ".next";

    /// <summary>
    /// The key that signs now; made where the log is empty and there is none. A rotation that a crash cut off is
    /// finished or forgotten.
    /// </summary>
    /// <exception cref="LogCorruptException">The file is there and is not such a key.</exception>
    /// <exception cref="LogStorageException">It cannot be read or written, others can read it, or a file of a log that
    /// is not empty is missing.</exception>
    public LogKey Open(ILogStorage storage, string origin, HandoverReader handovers)
    {
        // By the entries: after a rotation that was cut off, another's checkpoint may have become the latest.
        Settle(next => LogVerification.HandedTo(storage, next, handovers), origin);
        if (storage.Checkpoint is not null && !File.Exists(path))
        {
            throw new LogStorageException(
                $"{path} is missing, and the log is not empty: restore it from a backup, or copy it from the home of "
                    + "the control plane that led last"
            );
        }
        var key = LogKey.LoadOrCreate(path);
        try
        {
            WritePublic(key, storage, origin);
            return key;
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    void WritePublic(LogKey key, ILogStorage storage, string origin)
    {
        if (File.Exists(PublicPath))
            return;
        if (
            storage.Checkpoints().Select(c => c.Checkpoint).FirstOrDefault() is { } first
            && !IsFirst(key, first, origin)
        )
        {
            throw new LogStorageException(
                $"{PublicPath} is missing, and {path} is not the log's first key: restore it from a backup, from "
                    + "log/key.pub of another control plane of this log, or from the file 'key' of an export"
            );
        }
        PrivateFile.WriteNew(PublicPath, key.VerifierText(origin) + "\n");
    }

    /// <summary>
    /// Makes the key to come. It is not the log's before <see cref="Take"/>; the one before may still have to be taken.
    /// </summary>
    /// <param name="latestCheckpoint">By whoever signs now: it bears a key to come that the log has.</param>
    public LogKey Next(string? latestCheckpoint, string origin)
    {
        Settle(next => latestCheckpoint is not null && Opens(() => next.Open(latestCheckpoint)), origin);
        return LogKey.LoadOrCreate(NextPath);
    }

    /// <summary>The key to come is the one that signs; the one before is gone for ever.</summary>
    public void Take() => PrivateFile.Move(NextPath, path);

    /// <summary>A key to come that the log has is its present one; another is forgotten.</summary>
    void Settle(Func<LogVerifier, bool> isPresent, string origin)
    {
        if (!File.Exists(NextPath))
            return;
        using var next = LogKey.LoadOrCreate(NextPath);
        using var verifier = LogVerifier.Parse(next.VerifierText(origin));
        if (isPresent(verifier))
            Take();
        else
            PrivateFile.Delete(NextPath);
    }

    /// <summary>The first checkpoint bears no other key's signature, as one that ends in a handover would.</summary>
    static bool IsFirst(LogKey key, string firstCheckpoint, string origin)
    {
        using var verifier = LogVerifier.Parse(key.VerifierText(origin));
        using var alone = new KeyChain(verifier, null, null);
        return Opens(() => alone.Open(firstCheckpoint));
    }

    static bool Opens(Func<Checkpoint> open)
    {
        try
        {
            open();
            return true;
        }
        catch (LogCorruptException)
        {
            return false;
        }
    }
}
