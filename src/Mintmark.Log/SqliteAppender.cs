using System.Text;
using Microsoft.Data.Sqlite;

namespace Mintmark.Log;

/// <summary>
/// The one transaction that writes. Crash before the commit: nothing is there. Crash after it: all is there, and what
/// was acknowledged lags behind until the log is opened again.
/// </summary>
sealed class SqliteAppender : IDisposable
{
    /// <summary>A commit writes the last pages of both tables and what leads to them, whole.</summary>
    const long LengthOfEnds = 3 * 4_096;

    readonly SqliteConnection connection;
    readonly AcknowledgedSize acknowledged;
    readonly SqliteCheckpointer checkpointer;
    readonly SqliteStatement begin;
    readonly SqliteStatement size;
    readonly SqliteStatement entry;
    readonly SqliteStatement checkpoint;
    readonly SqliteStatement commit;
    readonly SqliteStatement rollback;

    public SqliteAppender(SqliteConnection connection, AcknowledgedSize acknowledged, SqliteCheckpointer checkpointer)
    {
        this.connection = connection;
        this.acknowledged = acknowledged;
        this.checkpointer = checkpointer;
        begin = new(connection, "BEGIN IMMEDIATE");
        size = new(connection, "SELECT coalesce(max(id), -1) + 1 FROM entry");
        entry = new(connection, "INSERT INTO entry (id, body, leaf) VALUES (?1, ?2, ?3)");
        checkpoint = new(connection, "INSERT INTO checkpoint (size, note) VALUES (?1, ?2)");
        commit = new(connection, "COMMIT");
        rollback = new(connection, "ROLLBACK");
    }

    public void Append(long expectedSize, IReadOnlyList<StoredEntry> entries, string note)
    {
        Execute(inTransaction: false, () => begin.Run());
        var found = Execute(inTransaction: true, () => size.Run());
        if (found != expectedSize)
        {
            Rollback();
            throw new LogStorageException(
                $"{connection.DataSource} holds {found} entries where {expectedSize} were expected: another process "
                    + "wrote to it; nothing was written. Stop one of the two and start again"
            );
        }
        Execute(inTransaction: true, () => Insert(entries, note));
        Commit();
        Acknowledge(expectedSize + entries.Count);
        checkpointer.Written(entries.Sum(e => (long)e.Body.Length) + LengthOfEnds);
    }

    long Insert(IReadOnlyList<StoredEntry> entries, string note)
    {
        Span<byte> leaf = stackalloc byte[Hash.Length];
        foreach (var row in entries)
        {
            row.Leaf.CopyTo(leaf);
            entry.Bind(1, row.Index).Bind(2, row.Body).Bind(3, leaf).Run();
        }
        return checkpoint.Bind(1, entries[^1].Index + 1).Bind(2, Encoding.UTF8.GetBytes(note)).Run();
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
            commit.Run();
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

    long Execute(bool inTransaction, Func<long> work)
    {
        try
        {
            return work();
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
            rollback.Run();
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

    public void Dispose()
    {
        checkpointer.Dispose();
        begin.Dispose();
        size.Dispose();
        entry.Dispose();
        checkpoint.Dispose();
        commit.Dispose();
        rollback.Dispose();
        acknowledged.Dispose();
    }
}
