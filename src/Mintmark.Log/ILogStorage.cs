namespace Mintmark.Log;

public readonly record struct StoredEntry(long Index, byte[] Body, Hash Leaf);

/// <summary>Keeps entries and checkpoints. It does not judge them: that is for the readers, who hold the key.</summary>
public interface ILogStorage : IDisposable
{
    long Size { get; }

    /// <summary>The latest signed note; null as long as nothing was appended.</summary>
    string? Checkpoint { get; }

    /// <summary>One durable transaction, all or nothing.</summary>
    /// <exception cref="LogStorageException">Nothing was written.</exception>
    /// <exception cref="LogLeadLostException">Another writer leads now.</exception>
    /// <exception cref="LogAmbiguousException">Nobody knows before the log is opened again.</exception>
    void Append(long expectedSize, IReadOnlyList<StoredEntry> entries, string checkpoint);

    /// <summary>In the order of their indices.</summary>
    IEnumerable<StoredEntry> Read(long from);

    /// <summary>The signed notes by size, one for each batch, so that corruption can be located.</summary>
    /// <param name="from">The smallest size of interest.</param>
    IEnumerable<(long Size, string Checkpoint)> Checkpoints(long from = 0);
}
