using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Mintmark.Log;

/// <summary>One prepared statement over SQLite's own calls: an insert costs three times as much by ADO.NET.</summary>
sealed class SqliteStatement : IDisposable
{
    readonly sqlite3 database;
    readonly sqlite3_stmt statement;

    public SqliteStatement(SqliteConnection connection, string sql)
    {
        database = connection.Handle!;
        Check(raw.sqlite3_prepare_v2(database, sql, out statement));
    }

    public SqliteStatement Bind(int parameter, long value)
    {
        Check(raw.sqlite3_bind_int64(statement, parameter, value));
        return this;
    }

    public SqliteStatement Bind(int parameter, ReadOnlySpan<byte> value)
    {
        Check(raw.sqlite3_bind_blob(statement, parameter, value));
        return this;
    }

    /// <summary>To its end.</summary>
    /// <returns>The first column of the first row as a number; 0 where there is none.</returns>
    /// <exception cref="SqliteException">As SQLite says.</exception>
    public long Run()
    {
        var first = 0L;
        var outcome = raw.sqlite3_step(statement);
        if (outcome == raw.SQLITE_ROW)
        {
            first = raw.sqlite3_column_int64(statement, 0);
            outcome = raw.SQLITE_DONE;
        }
        // Reset says again what a failed step said.
        var reset = raw.sqlite3_reset(statement);
        Check(outcome == raw.SQLITE_DONE ? reset : outcome);
        return first;
    }

    void Check(int outcome) => SqliteException.ThrowExceptionForRC(outcome, database);

    public void Dispose() => statement.Dispose();
}
