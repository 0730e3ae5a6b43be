using Npgsql;
using NpgsqlTypes;

namespace Mintmark.Log;

/// <summary>
/// The log in a PostgreSQL database. One writer leads: it holds a session's advisory lock, and each append carries the
/// epoch of its lead, so that one that lost the lock without noticing can write no more.
/// </summary>
/// <remarks>
/// An append is one statement: it takes the row of the lead for sharing, and stores nothing where the epoch is another.
/// A new leader raises the epoch, for which it must have that row alone. So either the old leader's append commits
/// before the new one looks, or it stores nothing.
/// </remarks>
public sealed class PostgresStorage : ILogStorage
{
    const string AppendSql = """
        WITH lead AS (SELECT 1 FROM mintmark_lead WHERE epoch = $1 FOR SHARE),
            log AS (SELECT coalesce(max(id), -1) + 1 AS size FROM mintmark_entry),
            ok AS (SELECT 1 FROM lead, log WHERE log.size = $2),
            entries AS (
                INSERT INTO mintmark_entry (id, body, leaf)
                SELECT id, body, leaf FROM unnest($3, $4, $5) AS e (id, body, leaf) WHERE EXISTS (SELECT 1 FROM ok)
            ),
            checkpoint AS (
                INSERT INTO mintmark_checkpoint (size, note) SELECT $6, $7 WHERE EXISTS (SELECT 1 FROM ok)
            )
        SELECT (SELECT count(*) FROM lead), (SELECT size FROM log)
        """;

    readonly PostgresAddress address;
    readonly NpgsqlDataSource source;
    readonly PostgresSession session;
    readonly NpgsqlCommand? append;

    PostgresStorage(PostgresAddress address, NpgsqlDataSource source, PostgresSession session)
    {
        this.address = address;
        this.source = source;
        this.session = session;
        (Size, Checkpoint) = session.Head();
        append = session.Epoch is { } epoch ? PrepareAppend(session.Connection, epoch) : null;
    }

    public long Size { get; private set; }

    public string? Checkpoint { get; private set; }

    /// <summary>For the one writer; makes the tables where there are none.</summary>
    /// <returns>Null where another control plane leads.</returns>
    /// <exception cref="LogCorruptException">The tables are of a newer version.</exception>
    /// <exception cref="LogStorageException">The database cannot be reached.</exception>
    public static PostgresStorage? TryLead(PostgresAddress address) => Open(address, PostgresSession.TryLead);

    /// <summary>A snapshot, whether or not a control plane writes meanwhile.</summary>
    /// <exception cref="LogStorageException">The database cannot be reached, or holds no log.</exception>
    public static PostgresStorage OpenReadOnly(PostgresAddress address) => Open(address, PostgresSession.Read)!;

    static PostgresStorage? Open(PostgresAddress address, Func<NpgsqlDataSource, PostgresSession?> open)
    {
        var source = NpgsqlDataSource.Create(address.ConnectionText);
        try
        {
            if (open(source) is { } session)
                return new PostgresStorage(address, source, session);
            source.Dispose();
            return null;
        }
        catch (NpgsqlException e)
        {
            source.Dispose();
            throw PostgresFailure.Unreachable(address, e);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    public void Append(long expectedSize, IReadOnlyList<StoredEntry> entries, string checkpoint)
    {
        if (append is null)
            throw new LogStorageException($"{address.Text} is open for reading only");
        append.Parameters[1].Value = expectedSize;
        append.Parameters[2].Value = entries.Select(e => e.Index).ToArray();
        append.Parameters[3].Value = entries.Select(e => e.Body).ToArray();
        append.Parameters[4].Value = entries.Select(e => e.Leaf.ToArray()).ToArray();
        append.Parameters[5].Value = expectedSize + entries.Count;
        append.Parameters[6].Value = System.Text.Encoding.UTF8.GetBytes(checkpoint);
        var (leads, found) = Run(append);
        if (!leads)
            throw new LogLeadLostException(
                $"another control plane leads on {address.Text} now; nothing was written here. This one stops"
            );
        if (found != expectedSize)
            throw new LogStorageException(
                $"{address.Text} holds {found} entries where {expectedSize} were expected; nothing was written. "
                    + "Start again"
            );
        Size = expectedSize + entries.Count;
        Checkpoint = checkpoint;
    }

    (bool Leads, long Size) Run(NpgsqlCommand command)
    {
        try
        {
            using var row = command.ExecuteReader();
            row.Read();
            return (row.GetInt64(0) == 1, row.GetInt64(1));
        }
        catch (NpgsqlException e)
        {
            throw PostgresFailure.IsClean(e)
                ? PostgresFailure.BeforeCommit(address, e)
                : PostgresFailure.Ambiguous(address, e);
        }
    }

    /// <summary>Whether this session still holds the lead, by the server's word. For any thread.</summary>
    public bool Leads()
    {
        try
        {
            using var ask = source.CreateCommand("SELECT epoch FROM mintmark_lead");
            return session.Epoch == (long?)ask.ExecuteScalar();
        }
        catch (NpgsqlException)
        {
            // Whoever cannot ask may be the one that was cut off.
            return false;
        }
    }

    public IEnumerable<StoredEntry> Read(long from) =>
        Rows(
            "SELECT id, body, leaf FROM mintmark_entry WHERE id >= $1 ORDER BY id",
            from,
            row => new StoredEntry(row.GetInt64(0), row.GetFieldValue<byte[]>(1), LeafOf(row))
        );

    public IEnumerable<(long Size, string Checkpoint)> Checkpoints(long from = 0) =>
        Rows(
            "SELECT size, note FROM mintmark_checkpoint WHERE size >= $1 ORDER BY size",
            from,
            row => (row.GetInt64(0), System.Text.Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(1)))
        );

    static Hash LeafOf(NpgsqlDataReader row) =>
        row.GetFieldValue<byte[]>(2) is { Length: Hash.Length } leaf
            ? new Hash(leaf)
            : throw new LogCorruptException("its row holds no leaf hash", row.GetInt64(0));

    // Each enumeration has a connection of its own; a reader's all see the one snapshot.
    IEnumerable<T> Rows<T>(string sql, long from, Func<NpgsqlDataReader, T> read)
    {
        using var connection = Guard(source.OpenConnection);
        using var transaction = Guard(() => session.Join(connection));
        using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = from } } };
        using var row = Guard(() => command.ExecuteReader());
        while (Guard(row.Read))
            yield return Guard(() => read(row));
    }

    T Guard<T>(Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (NpgsqlException e)
        {
            throw PostgresFailure.Unreachable(address, e);
        }
    }

    static NpgsqlCommand PrepareAppend(NpgsqlConnection connection, long epoch)
    {
        var command = new NpgsqlCommand(AppendSql, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = epoch });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Prepare();
        return command;
    }

    public void Dispose()
    {
        append?.Dispose();
        session.Dispose();
        source.Dispose();
    }
}
