using System.Text;
using Microsoft.Data.Sqlite;

namespace Mintmark.Log;

/// <summary>The queries. A row that cannot be one of ours is corruption, with its place.</summary>
static class SqliteRows
{
    public static (long Size, string? Checkpoint) Head(SqliteConnection connection)
    {
        var size = 0L;
        foreach (var row in Query(connection, "SELECT coalesce(max(id), -1) + 1 FROM entry"))
            size = row.GetInt64(0);
        string? checkpoint = null;
        foreach (var row in Query(connection, "SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1"))
            checkpoint = Note(row, row.GetInt64(0));
        return (size, checkpoint);
    }

    public static IEnumerable<StoredEntry> Entries(SqliteConnection connection, long from)
    {
        foreach (var row in Query(connection, "SELECT id, body, leaf FROM entry WHERE id >= ?1 ORDER BY id", from))
        {
            var index = row.GetInt64(0);
            var leaf = Blob(row, 2);
            if (Blob(row, 1) is not { } body || leaf is not { Length: Hash.Length })
                throw new LogCorruptException("its row holds no body or no leaf hash", index);
            yield return new StoredEntry(index, body, new Hash(leaf));
        }
    }

    public static IEnumerable<(long Size, string Checkpoint)> Checkpoints(SqliteConnection connection)
    {
        foreach (var row in Query(connection, "SELECT size, note FROM checkpoint ORDER BY size"))
            yield return (row.GetInt64(0), Note(row, row.GetInt64(0)));
    }

    // Invalid UTF-8 becomes U+FFFD, which no note that verifies can hold.
    static string Note(SqliteDataReader row, long size) =>
        Blob(row, 1) is { } note
            ? Encoding.UTF8.GetString(note)
            : throw new LogCorruptException($"the checkpoint of size {size} is not there in its row", null);

    // A damaged record header may turn a blob into a number, a text or nothing.
    static byte[]? Blob(SqliteDataReader row, int column) => row.GetValue(column) as byte[];

    static IEnumerable<SqliteDataReader> Query(SqliteConnection connection, string sql, params long[] values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
            command.Parameters.Add(new SqliteParameter($"?{i + 1}", values[i]));
        using var reader = command.ExecuteReader();
        while (reader.Read())
            yield return reader;
    }
}
