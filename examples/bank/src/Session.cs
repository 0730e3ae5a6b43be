using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Bank;

/// <summary>One connection to the ledger with its prepared statements. For one thread at a time.</summary>
sealed class Session : IDisposable
{
    readonly SqliteConnection connection;
    readonly TimeSpan patience;
    readonly Dictionary<string, SqliteCommand> prepared = [];

    public Session(string path, TimeSpan patience)
    {
        this.patience = patience;
        connection = new($"Data Source={path};Pooling=False;Default Timeout=5");
        connection.Open();
        Script(
            $"""
            PRAGMA busy_timeout = {(int)patience.TotalMilliseconds};
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            PRAGMA foreign_keys = ON;
            PRAGMA wal_autocheckpoint = 0;
            """
        );
    }

    /// <summary>Runs statements that are not worth preparing.</summary>
    public void Script(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs one statement; its parameters are <c>$1</c>, <c>$2</c>, …</summary>
    public void Run(string sql, params ReadOnlySpan<object?> values) => Bound(sql, values).ExecuteNonQuery();

    public List<T> All<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Bound(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    public T? One<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<object?> values)
    {
        using var reader = Bound(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    /// <summary>
    /// Does all of the work or none of it. The write lock is taken at the start: two versions that share the file
    /// wait for each other here, and what is read inside cannot change before the commit.
    /// </summary>
    public T Atomically<T>(Func<T> work)
    {
        Begin();
        try
        {
            var result = work();
            Run("COMMIT");
            return result;
        }
        catch
        {
            // Where the disk is full SQLite may have rolled back already.
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
                Run("ROLLBACK");
            throw;
        }
    }

    /// <summary>
    /// SQLite by itself waits longer with each try, up to 100 ms: of two versions that share the file the one with
    /// fewer clients would always come last. This one tries each millisecond.
    /// </summary>
    void Begin()
    {
        var started = Stopwatch.GetTimestamp();
        raw.sqlite3_busy_timeout(connection.Handle, 1);
        int code;
        do code = raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE");
        while (code == raw.SQLITE_BUSY && Stopwatch.GetElapsedTime(started) < patience);
        raw.sqlite3_busy_timeout(connection.Handle, (int)patience.TotalMilliseconds);
        SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }

    SqliteCommand Bound(string sql, ReadOnlySpan<object?> values)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++)
                command.Parameters.Add(new() { ParameterName = $"${i}" });
            prepared.Add(sql, command);
        }
        for (var i = 0; i < values.Length; i++)
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        return command;
    }

    public void Dispose()
    {
        foreach (var command in prepared.Values)
            command.Dispose();
        connection.Dispose();
    }
}
