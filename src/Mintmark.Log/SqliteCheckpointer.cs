using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Mintmark.Log;

/// <summary>
/// Moves what the write-ahead log holds into the database, on a thread and a connection of its own, so that appends go
/// on meanwhile. One append then moves the little that came in that time, so that SQLite starts the file over: its
/// blocks are used again, and a flush into those costs less than one that makes the file longer.
/// </summary>
/// <remarks>
/// Nothing depends on it: what was committed is durable in either file. A failure, a full disk say, is met again by the
/// appends, and they tell.
/// </remarks>
sealed class SqliteCheckpointer : IDisposable
{
    const long BytesBetween = 16 << 20;

    readonly SqliteConnection connection;
    readonly SqliteConnection own;
    readonly AutoResetEvent due = new(false);
    readonly Thread thread;
    long written;
    volatile bool isOver;
    volatile bool isRestLeft;

    public SqliteCheckpointer(SqliteConnection connection, SqliteConnection own)
    {
        this.connection = connection;
        this.own = own;
        thread = new Thread(Run) { IsBackground = true, Name = "log checkpoints" };
        thread.Start();
    }

    /// <summary>After each commit, by the one writer.</summary>
    /// <param name="bytes">Written to the write-ahead log, about.</param>
    public void Written(long bytes)
    {
        if (isRestLeft)
        {
            isRestLeft = false;
            Checkpoint(connection);
        }
        written += bytes;
        if (written < BytesBetween)
            return;
        written = 0;
        due.Set();
    }

    void Run()
    {
        while (due.WaitOne() && !isOver)
        {
            Checkpoint(own);
            isRestLeft = true;
        }
    }

    static void Checkpoint(SqliteConnection connection) =>
        raw.sqlite3_wal_checkpoint_v2(connection.Handle, null, raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);

    public void Dispose()
    {
        if (isOver)
            return;
        isOver = true;
        due.Set();
        thread.Join();
        due.Dispose();
        own.Dispose();
    }
}
