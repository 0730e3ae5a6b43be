using System.Text;
using Microsoft.Data.Sqlite;

namespace Mintmark.Log;

/// <summary>
/// The one transaction that writes. Crash before the commit: nothing is there. Crash after it: all is there, and what
/// was acknowledged lags behind until the log is opened again.
/// </summary>
sealed class SqliteAppender : IDisposable
{
    readonly SqliteConnection connection;
    readonly AcknowledgedSize acknowledged;
    readonly SqliteCommand begin;
    readonly SqliteCommand size;
    readonly SqliteCommand entry;
    readonly SqliteCommand checkpoint;
    readonly SqliteCommand commit;
    readonly SqliteCommand rollback;

    public SqliteAppender(SqliteConnection connection, AcknowledgedSize acknowledged)
    {
        this.connection = connection;
        this.acknowledged = acknowledged;
        begin = Prepare("BEGIN IMMEDIATE");
        size = Prepare("SELECT coalesce(max(id), -1) + 1 FROM entry");
        entry = Prepare("INSERT INTO entry (id, body, leaf) VALUES (?1, ?2, ?3)", 3);
        checkpoint = Prepare("INSERT INTO checkpoint (size, note) VALUES (?1, ?2)", 2);
        commit = Prepare("COMMIT");
        rollback = Prepare("ROLLBACK");
    }

    public void Append(long expectedSize, IReadOnlyList<StoredEntry> entries, string note)
    {
        Execute(begin, inTransaction: false);
        var found = (long)Execute(size, inTransaction: true)!;
        if (found != expectedSize)
        {
            Rollback();
            throw new LogStorageException(
                $"{connection.DataSource} holds {found} entries where {expectedSize} were expected: another process "
                    + "wrote to it; nothing was written. Stop one of the two and start again"
            );
        }
        foreach (var row in entries)
            Execute(entry, inTransaction: true, row.Index, row.Body, row.Leaf.ToArray());
        Execute(checkpoint, inTransaction: true, expectedSize + entries.Count, Encoding.UTF8.GetBytes(note));
        Commit();
        Acknowledge(expectedSize + entries.Count);
    }

    void Acknowledge(long size)
    {
        try
        {
            acknowledged.Write(size);
        }
        catch (IOException e)
        {
            throw Ambiguous(e);
        }
    }

    void Commit()
    {
        try
        {
            commit.ExecuteNonQuery();
        }
        catch (SqliteException e) when (SqliteFailure.IsCleanAtCommit(e))
        {
            Rollback();
            throw SqliteFailure.BeforeCommit(connection.DataSource, e);
        }
        catch (SqliteException e)
        {
            throw Ambiguous(e);
        }
    }

    object? Execute(SqliteCommand command, bool inTransaction, params ReadOnlySpan<object> values)
    {
        try
        {
            for (var i = 0; i < values.Length; i++)
                command.Parameters[i].Value = values[i];
            return command.ExecuteScalar();
        }
        catch (SqliteException e)
        {
            if (inTransaction)
                Rollback();
            throw SqliteFailure.BeforeCommit(connection.DataSource, e);
        }
    }

    void Rollback()
    {
        // Some errors, a full disk among them, make SQLite roll back by itself.
        if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) != 0)
            return;
        try
        {
            rollback.ExecuteNonQuery();
        }
        catch (SqliteException e)
        {
            throw Ambiguous(e);
        }
    }

    LogAmbiguousException Ambiguous(Exception e) =>
        new(
            $"appending to {connection.DataSource} failed and left its outcome open: {e.Message}. "
                + "Check the disk and start again: what was written is found then",
            e
        );

    SqliteCommand Prepare(string sql, int parameters = 0)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 1; i <= parameters; i++)
            command.Parameters.Add(new SqliteParameter($"?{i}", null));
        command.Prepare();
        return command;
    }

    public void Dispose()
    {
        begin.Dispose();
        size.Dispose();
        entry.Dispose();
        checkpoint.Dispose();
        commit.Dispose();
        rollback.Dispose();
        acknowledged.Dispose();
    }
}
