using Microsoft.Data.Sqlite;

namespace Mintmark.Log;

/// <summary>
/// The log in one SQLite file: WAL, synchronous FULL, so an entry that was acknowledged survives a power cut.
/// One writer, any number of readers; a reader sees the file as it was when it was opened.
/// </summary>
public sealed class SqliteStorage : ILogStorage
{
    readonly SqliteFile file;
    readonly SqliteConnection connection;
    readonly SqliteAppender? appender;

    SqliteStorage(SqliteFile file, SqliteConnection connection, bool writable, long acknowledged)
    {
        this.file = file;
        this.connection = connection;
        (Size, Checkpoint) = SqliteRows.Head(connection);
        if (Size < acknowledged)
            throw new LogCorruptException(
                $"it is missing: {acknowledged} entries were acknowledged and {file.Path} holds {Size}. Its end was "
                    + "damaged or it was replaced by an older copy. Restore it; to accept the loss, delete "
                    + AcknowledgedSize.PathOf(file.Path),
                Size
            );
        appender = writable
            ? new SqliteAppender(
                connection,
                AcknowledgedSize.OpenToWrite(file.Path, Size),
                new SqliteCheckpointer(connection, file.OpenToWrite())
            )
            : null;
    }

    public long Size { get; private set; }

    public string? Checkpoint { get; private set; }

    /// <summary>For the one writer. Makes the file (0600) and its folder (0700) if there are none.</summary>
    /// <exception cref="LogCorruptException">The file is not a log, or is damaged.</exception>
    /// <exception cref="LogStorageException">The file cannot be opened.</exception>
    public static SqliteStorage Open(string path) => Open(new SqliteFile(path), writable: true);

    /// <summary>As if the disk ended there.</summary>
    internal static SqliteStorage Open(string path, int maxPages) =>
        Open(new SqliteFile(path, maxPages), writable: true);

    /// <summary>A snapshot, whether or not a control plane writes meanwhile.</summary>
    /// <exception cref="LogCorruptException">The file is not a log, or is damaged.</exception>
    /// <exception cref="LogStorageException">The file cannot be opened.</exception>
    public static SqliteStorage OpenReadOnly(string path) => Open(new SqliteFile(path), writable: false);

    static SqliteStorage Open(SqliteFile file, bool writable)
    {
        // Before the snapshot: an entry that is acknowledged in between is no loss.
        var acknowledged = AcknowledgedSize.Read(file.Path);
        var connection = writable ? file.OpenToWrite() : file.OpenToRead();
        try
        {
            return file.Guard(() => new SqliteStorage(file, connection, writable, acknowledged));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Append(long expectedSize, IReadOnlyList<StoredEntry> entries, string checkpoint)
    {
        if (appender is null)
            throw new LogStorageException($"{file.Path} is open for reading only");
        appender.Append(expectedSize, entries, checkpoint);
        Size = expectedSize + entries.Count;
        Checkpoint = checkpoint;
    }

    public IEnumerable<StoredEntry> Read(long from) => ReadWith(reader => SqliteRows.Entries(reader, from));

    public IEnumerable<(long Size, string Checkpoint)> Checkpoints(long from = 0) =>
        ReadWith(reader => SqliteRows.Checkpoints(reader, from));

    // The writer reads over a connection of its own, so that readers on other threads never meet a transaction.
    IEnumerable<T> ReadWith<T>(Func<SqliteConnection, IEnumerable<T>> query)
    {
        if (appender is null)
            return file.Guarded(query(connection));
        return OnOwnConnection(query);
    }

    IEnumerable<T> OnOwnConnection<T>(Func<SqliteConnection, IEnumerable<T>> query)
    {
        using var own = file.OpenToRead();
        foreach (var row in file.Guarded(query(own)))
            yield return row;
    }

    public void Dispose()
    {
        appender?.Dispose();
        connection.Dispose();
    }
}
