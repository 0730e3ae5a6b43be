using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Mintmark.Log;

/// <summary>
/// The queries, over SQLite's own calls: a start reads every row, and ADO.NET doubles what that takes.
/// A row that cannot be one of ours is corruption, with its place.
/// </summary>
static class SqliteRows
{
    public static (long Size, string? Checkpoint) Head(SqliteConnection connection)
    {
        var size = 0L;
        foreach (var row in Query(connection, "SELECT coalesce(max(id), -1) + 1 FROM entry"))
            size = raw.sqlite3_column_int64(row, 0);
        string? checkpoint = null;
        foreach (var row in Query(connection, "SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1"))
            checkpoint = Note(row).Checkpoint;
        return (size, checkpoint);
    }

    public static IEnumerable<StoredEntry> Entries(SqliteConnection connection, long from)
    {
        foreach (var row in Query(connection, "SELECT id, body, leaf FROM entry WHERE id >= ?1 ORDER BY id", from))
            yield return Entry(row);
    }

    public static IEnumerable<(long Size, string Checkpoint)> Checkpoints(SqliteConnection connection, long from)
    {
        foreach (var row in Query(connection, "SELECT size, note FROM checkpoint WHERE size >= ?1 ORDER BY size", from))
            yield return Note(row);
    }

    static StoredEntry Entry(sqlite3_stmt row)
    {
        var index = raw.sqlite3_column_int64(row, 0);
        var leaf = raw.sqlite3_column_blob(row, 2);
        return IsBlob(row, 1) && IsBlob(row, 2) && leaf.Length == Hash.Length
            ? new StoredEntry(index, raw.sqlite3_column_blob(row, 1).ToArray(), new Hash(leaf))
            : throw new LogCorruptException("its row holds no body or no leaf hash", index);
    }

    // Invalid UTF-8 becomes U+FFFD, which no note that verifies can hold.
    static (long Size, string Checkpoint) Note(sqlite3_stmt row)
    {
        var size = raw.sqlite3_column_int64(row, 0);
        return IsBlob(row, 1)
            ? (size, Encoding.UTF8.GetString(raw.sqlite3_column_blob(row, 1)))
            : throw new LogCorruptException($"the checkpoint of size {size} is not there in its row", null);
    }

    // A damaged record header may turn a blob into a number, a text or nothing.
    static bool IsBlob(sqlite3_stmt row, int column) => raw.sqlite3_column_type(row, column) == raw.SQLITE_BLOB;

    static IEnumerable<sqlite3_stmt> Query(SqliteConnection connection, string sql, long? from = null)
    {
        var database = connection.Handle!;
        SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(database, sql, out var statement), database);
        using (statement)
        {
            if (from is { } first)
                SqliteException.ThrowExceptionForRC(raw.sqlite3_bind_int64(statement, 1, first), database);
            int outcome;
            while ((outcome = raw.sqlite3_step(statement)) == raw.SQLITE_ROW)
                yield return statement;
            if (outcome != raw.SQLITE_DONE)
                SqliteException.ThrowExceptionForRC(outcome, database);
        }
    }
}
