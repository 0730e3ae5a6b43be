using Microsoft.Data.Sqlite;

namespace Mintmark.Log;

/// <summary>Opens the file, makes its tables, and turns SQLite's errors into the log's.</summary>
sealed class SqliteFile(string path, int? maxPages = null)
{
    const string Schema = """
        CREATE TABLE entry (id INTEGER PRIMARY KEY, body BLOB NOT NULL, leaf BLOB NOT NULL) STRICT;
        CREATE TABLE checkpoint (size INTEGER PRIMARY KEY, note BLOB NOT NULL) STRICT;
        """;

    const long SchemaVersion = 1;
    const int BusySeconds = 5;

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public SqliteConnection OpenToWrite()
    {
        try
        {
            PrivateFile.CreateFolderOf(Path);
            // Never opened once it is there: closing it would drop the locks of SQLite in this process.
            if (!File.Exists(Path))
                PrivateFile.Open(Path, FileMode.CreateNew).Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LogStorageException($"cannot open {Path}: {e.Message}", e);
        }
        return Open(
            SqliteOpenMode.ReadWrite,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;"
                + (maxPages is null ? "" : $"PRAGMA max_page_count = {maxPages};"),
            static connection =>
            {
                if (Scalar(connection, "PRAGMA user_version") is 0L && IsEmpty(connection))
                    Execute(connection, $"BEGIN IMMEDIATE; {Schema} PRAGMA user_version = {SchemaVersion}; COMMIT;");
            }
        );
    }

    public SqliteConnection OpenToRead()
    {
        if (!File.Exists(Path))
            throw new LogStorageException($"there is no log at {Path}");
        return Open(
            SqliteOpenMode.ReadOnly,
            "PRAGMA query_only = ON;",
            // One transaction for as long as the connection lives: all its reads see one state.
            static connection =>
                Execute(connection, "BEGIN; SELECT count(*) FROM sqlite_schema;")
        );
    }

    SqliteConnection Open(SqliteOpenMode mode, string pragmas, Action<SqliteConnection> prepare)
    {
        var address = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        };
        var connection = new SqliteConnection(address.ToString());
        try
        {
            Guard(() =>
            {
                connection.Open();
                SQLitePCL.raw.sqlite3_busy_timeout(connection.Handle, BusySeconds * 1000);
                Execute(connection, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;" + pragmas);
                prepare(connection);
                if (Scalar(connection, "PRAGMA user_version") is not SchemaVersion)
                    throw new LogCorruptException($"{Path} is not a log of this program (or of a newer version)", null);
                return connection;
            });
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public T Guard<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.WhileReading(Path, e);
        }
    }

    public IEnumerable<T> Guarded<T>(IEnumerable<T> rows)
    {
        using var row = rows.GetEnumerator();
        while (HasNext(row))
            yield return row.Current;
    }

    bool HasNext<T>(IEnumerator<T> row)
    {
        try
        {
            return row.MoveNext();
        }
        catch (SqliteException e)
        {
            throw SqliteFailure.WhileReading(Path, e);
        }
    }

    static bool IsEmpty(SqliteConnection connection) => Scalar(connection, "SELECT count(*) FROM sqlite_schema") is 0L;

    static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
