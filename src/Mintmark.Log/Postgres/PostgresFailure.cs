using Npgsql;

namespace Mintmark.Log;

/// <summary>What PostgreSQL's errors mean for a log.</summary>
static class PostgresFailure
{
    /// <summary>
    /// The server answered with an error and lives on: it has rolled back. Whatever ends the session, or leaves no
    /// answer, may have come after the commit.
    /// </summary>
    public static bool IsClean(NpgsqlException e) =>
        e is PostgresException { InvariantSeverity: "ERROR" } told
        && told.SqlState[..2] is not ("57" or "58" or "XX" or "08" or "40");

    public static LogStorageException BeforeCommit(PostgresAddress address, NpgsqlException e) =>
        new($"nothing was written to {address.Text}: {e.Message}. {Advice(e)}", e);

    public static LogAmbiguousException Ambiguous(PostgresAddress address, NpgsqlException e) =>
        new(
            $"appending to {address.Text} failed and left its outcome open: {e.Message}. Start again when it answers: "
                + "what was written is found then",
            e
        );

    public static LogStorageException Unreachable(PostgresAddress address, NpgsqlException e) =>
        new($"cannot read {address.Text}: {e.Message}. {Advice(e)}", e);

    static string Advice(NpgsqlException e) =>
        e.SqlState switch
        {
            PostgresErrorCodes.DiskFull => "Free some disk space there and try again",
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                "Give the password in $MINTMARK_LOG, $PGPASSWORD or ~/.pgpass",
            PostgresErrorCodes.InsufficientPrivilege => "The user needs the right to create tables in the database",
            PostgresErrorCodes.InvalidCatalogName => "Create the database first",
            _ => "Check that the server runs and can be reached",
        };
}
