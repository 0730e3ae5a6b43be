using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Mintmark.Log;

static class SqliteFailure
{
    // SQLITE_ERROR while reading means that a table or column is missing: our statements themselves are constant.
    public static Exception WhileReading(string path, SqliteException e) =>
        e.SqliteErrorCode is SQLITE_CORRUPT or SQLITE_NOTADB or SQLITE_FORMAT or SQLITE_ERROR
            ? new LogCorruptException(
                $"{path} is damaged or not a log ({e.Message}); restore it from a backup or an export",
                null,
                e
            )
            : new LogStorageException($"cannot read {path}: {e.Message}", e);

    public static Exception BeforeCommit(string path, SqliteException e) =>
        e.SqliteErrorCode is SQLITE_CORRUPT or SQLITE_NOTADB
            ? WhileReading(path, e)
            : new LogStorageException($"cannot append to {path}: {e.Message}; nothing was written. {Advice(e)}", e);

    /// <summary>
    /// A full disk or a lock is met before the commit record is whole, so the transaction is certainly not there.
    /// After any other error at the commit (a failed fsync above all) the record may yet be found by recovery.
    /// </summary>
    public static bool IsCleanAtCommit(SqliteException e) => e.SqliteErrorCode is SQLITE_FULL or SQLITE_BUSY;

    static string Advice(SqliteException e) =>
        e.SqliteErrorCode switch
        {
            SQLITE_FULL => "Free some disk space and try again",
            SQLITE_BUSY or SQLITE_LOCKED => "Another process is writing to it: stop one of the two",
            SQLITE_READONLY or SQLITE_PERM or SQLITE_CANTOPEN => "Check the owner and mode of the file and its folder",
            _ => "Check the disk and try again",
        };
}
