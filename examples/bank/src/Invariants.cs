using Microsoft.Data.Sqlite;

namespace Bank;

/// <summary>
/// What must hold for every transfer written under one mark. A poll looks only at the transfers that came since the
/// last one, by index, so it costs the same however large the ledger grows. What broke stays broken.
/// </summary>
sealed class Invariants(Store store, string mark)
{
    /// <summary>A version that starts again catches up with what it wrote before in several polls.</summary>
    const int MostAtOnce = 1_000;

    readonly Lock gate = new();
    readonly Rule[] rules =
    [
        new(
            "postings-sum-to-zero",
            """
            SELECT t.id, sum(e.amount)
            FROM transfers t JOIN entries e ON e.transfer = t.id
            WHERE t.mark = $1 AND t.id > $2 AND t.id <= $3
            GROUP BY t.id HAVING sum(e.amount) <> 0 LIMIT 1
            """,
            row => $"postings of transfer {row.GetInt64(0)} sum to {new Money(row.GetInt64(1))}"
        ),
        // By induction from the first entry: each carries the balance of the one before plus its own amount.
        new(
            "balance-equals-entries",
            """
            SELECT e.account, e.number, e.balance, coalesce(p.balance, 0) + e.amount
            FROM transfers t
            JOIN entries e ON e.transfer = t.id
            LEFT JOIN entries p ON p.account = e.account AND p.number = e.number - 1
            WHERE t.mark = $1 AND t.id > $2 AND t.id <= $3 AND e.balance <> coalesce(p.balance, 0) + e.amount
            LIMIT 1
            """,
            row =>
                $"account {row.GetInt64(0)} stands at {new Money(row.GetInt64(2))} after its entry "
                + $"{row.GetInt64(1)}, but its entries make {new Money(row.GetInt64(3))}"
        ),
        new(
            "idempotency-keys-once",
            """
            SELECT t.key, o.id, t.id
            FROM transfers t JOIN transfers o ON o.key = t.key AND o.id < t.id
            WHERE t.mark = $1 AND t.id > $2 AND t.id <= $3 LIMIT 1
            """,
            row => $"key {row.GetString(0)} posted twice by transfers {row.GetInt64(1)} and {row.GetInt64(2)}"
        ),
    ];

    long seen;

    public InvariantsAnswer Check()
    {
        lock (gate)
        {
            store.Read(session => seen = CheckFrom(session, seen));
            return new([.. rules.Select(rule => new InvariantAnswer(rule.Name, rule.Broken is null, rule.Broken))]);
        }
    }

    long CheckFrom(Session session, long after)
    {
        var through = session.One(
            """
            SELECT coalesce(max(id), $2)
            FROM (SELECT id FROM transfers WHERE mark = $1 AND id > $2 ORDER BY id LIMIT $3)
            """,
            row => row.GetInt64(0),
            mark,
            after,
            MostAtOnce
        );
        foreach (var rule in rules)
            rule.Broken ??= session.One(rule.Sql, rule.Tell, mark, after, through);
        return through;
    }

    sealed class Rule(string name, string sql, Func<SqliteDataReader, string> tell)
    {
        public string Name => name;
        public string Sql => sql;
        public Func<SqliteDataReader, string> Tell => tell;
        public string? Broken { get; set; }
    }
}
