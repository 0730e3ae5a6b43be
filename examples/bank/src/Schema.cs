namespace Bank;

/// <summary>
/// The tables. Several versions work on one ledger at once and an older one may come back, so a migration only ever
/// adds: no step may take away or change what another version reads or writes.
/// </summary>
static class Schema
{
    static readonly (string Name, string Sql)[] Migrations =
    [
        (
            "accounts",
            """
            CREATE TABLE accounts (
                id INTEGER PRIMARY KEY,
                owner TEXT NOT NULL,
                currency TEXT NOT NULL,
                kind TEXT NOT NULL DEFAULT 'customer'
            );
            CREATE UNIQUE INDEX accounts_of_the_bank ON accounts (kind, currency) WHERE kind <> 'customer';
            """
        ),
        (
            "transfers",
            """
            CREATE TABLE transfers (
                id INTEGER PRIMARY KEY,
                mark TEXT NOT NULL,
                key TEXT,
                payer INTEGER NOT NULL REFERENCES accounts,
                payee INTEGER NOT NULL REFERENCES accounts,
                amount INTEGER NOT NULL,
                fee INTEGER NOT NULL,
                currency TEXT NOT NULL,
                made_at INTEGER NOT NULL
            );
            CREATE INDEX transfers_by_mark ON transfers (mark);
            CREATE INDEX transfers_by_key ON transfers (key);
            """
        ),
        (
            "entries",
            """
            CREATE TABLE entries (
                account INTEGER NOT NULL REFERENCES accounts,
                number INTEGER NOT NULL,
                transfer INTEGER NOT NULL REFERENCES transfers,
                amount INTEGER NOT NULL,
                balance INTEGER NOT NULL,
                PRIMARY KEY (account, number)
            ) WITHOUT ROWID;
            CREATE INDEX entries_by_transfer ON entries (transfer);
            """
        ),
        (
            "answers",
            """
            CREATE TABLE answers (
                key TEXT PRIMARY KEY,
                request BLOB NOT NULL,
                answer BLOB NOT NULL
            ) WITHOUT ROWID;
            """
        ),
    ];

    public static Task EnsureAsync(Store store, IReadOnlyList<string> currencies) =>
        store.WriteAsync(
            session =>
            {
                session.Script("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY) WITHOUT ROWID");
                var done = session.All("SELECT name FROM migrations", row => row.GetString(0));
                foreach (var (name, sql) in Migrations.Where(migration => !done.Contains(migration.Name)))
                {
                    session.Script(sql);
                    session.Run("INSERT INTO migrations (name) VALUES ($1)", name);
                }
                foreach (var currency in currencies)
                foreach (var kind in Accounts.OfTheBank)
                    session.Run(
                        "INSERT OR IGNORE INTO accounts (owner, currency, kind) VALUES ('bank', $1, $2)",
                        currency,
                        kind
                    );
                return true;
            },
            CancellationToken.None
        );
}
