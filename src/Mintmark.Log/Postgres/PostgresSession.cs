using System.Text;
using Npgsql;

namespace Mintmark.Log;

/// <summary>The connection that a storage lives by: a leader's, which holds the lock, or a reader's.</summary>
sealed class PostgresSession : IDisposable
{
    /// <summary>Of the advisory lock; the lower half tells logs of one server apart by the table's own id.</summary>
    const int LockClass = 0x6d696e74;

    const long Version = 1;

    const string Schema = """
        CREATE TABLE IF NOT EXISTS mintmark_entry (id bigint PRIMARY KEY, body bytea NOT NULL, leaf bytea NOT NULL);
        CREATE TABLE IF NOT EXISTS mintmark_checkpoint (size bigint PRIMARY KEY, note bytea NOT NULL);
        CREATE TABLE IF NOT EXISTS mintmark_lead (
            one boolean PRIMARY KEY DEFAULT true CHECK (one), epoch bigint NOT NULL, version bigint NOT NULL
        );
        INSERT INTO mintmark_lead (epoch, version) VALUES (0, 1) ON CONFLICT DO NOTHING;
        """;

    readonly string? snapshot;
    readonly NpgsqlTransaction? transaction;

    PostgresSession(NpgsqlConnection connection, long? epoch, NpgsqlTransaction? transaction, string? snapshot)
    {
        Connection = connection;
        Epoch = epoch;
        this.transaction = transaction;
        this.snapshot = snapshot;
    }

    public NpgsqlConnection Connection { get; }

    /// <summary>Of this lead; null for a reader.</summary>
    public long? Epoch { get; }

    /// <returns>Null where another session holds the lock.</returns>
    public static PostgresSession? TryLead(NpgsqlDataSource source)
    {
        var connection = source.OpenConnection();
        try
        {
            if (Ask(connection, $"SELECT pg_try_advisory_lock({LockClass}, 0)") is not true)
            {
                connection.Dispose();
                return null;
            }
            // Under the lock: two that start at once do not make the tables twice.
            Ask(connection, Schema);
            RequireVersion(connection);
            var epoch = (long)Ask(connection, "UPDATE mintmark_lead SET epoch = epoch + 1 RETURNING epoch")!;
            // The server may be set to answer before a commit is on disk: not for a log.
            Ask(
                connection,
                "SELECT set_config('synchronous_commit', 'on', false) WHERE "
                    + "current_setting('synchronous_commit') IN ('off', 'local')"
            );
            return new PostgresSession(connection, epoch, null, null);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static PostgresSession Read(NpgsqlDataSource source)
    {
        var connection = source.OpenConnection();
        try
        {
            var transaction = connection.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
            if (Ask(connection, "SELECT to_regclass('mintmark_lead')::text") is not string)
                throw new LogStorageException($"there is no log in the database {connection.Database}");
            RequireVersion(connection);
            var snapshot = (string)Ask(connection, "SELECT pg_export_snapshot()")!;
            return new PostgresSession(connection, null, transaction, snapshot);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public (long Size, string? Checkpoint) Head()
    {
        var size = (long)Ask(Connection, "SELECT coalesce(max(id), -1) + 1 FROM mintmark_entry")!;
        var note = Ask(Connection, "SELECT note FROM mintmark_checkpoint ORDER BY size DESC LIMIT 1");
        return (size, note is byte[] text ? Encoding.UTF8.GetString(text) : null);
    }

    /// <summary>Lets another connection see what this one sees; null where that is the present.</summary>
    public NpgsqlTransaction? Join(NpgsqlConnection other)
    {
        if (snapshot is null)
            return null;
        var joined = other.BeginTransaction(System.Data.IsolationLevel.RepeatableRead);
        Ask(other, $"SET TRANSACTION SNAPSHOT '{snapshot}'");
        return joined;
    }

    static void RequireVersion(NpgsqlConnection connection)
    {
        if (Ask(connection, "SELECT version FROM mintmark_lead") is not Version)
            throw new LogCorruptException("the log in the database is of a newer version of Mintmark", null);
    }

    static object? Ask(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return command.ExecuteScalar();
    }

    public void Dispose()
    {
        transaction?.Dispose();
        Connection.Dispose();
    }
}
