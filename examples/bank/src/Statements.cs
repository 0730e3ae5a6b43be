namespace Bank;

/// <summary>Answers questions about accounts from the last commit.</summary>
sealed class Statements(Store store)
{
    public AccountAnswer? Account(long id) =>
        store.Read(session =>
            Accounts.FindCustomers(session, id) is { } account
                ? new AccountAnswer(id, account.Owner, account.Currency, Accounts.PositionOf(session, id).Balance)
                : null
        );

    public StatementAnswer? Statement(long id, int limit) =>
        store.Read(session =>
        {
            if (Accounts.FindCustomers(session, id) is not { } account)
                return null;
            var lines = session.All(
                """
                SELECT e.number, e.transfer, CASE t.payer WHEN e.account THEN t.payee ELSE t.payer END,
                       e.amount, e.balance, t.made_at
                FROM entries e JOIN transfers t ON t.id = e.transfer
                WHERE e.account = $1 ORDER BY e.number DESC LIMIT $2
                """,
                row => new StatementLine(
                    Number: row.GetInt64(0),
                    Transfer: row.GetInt64(1),
                    With: row.GetInt64(2),
                    Amount: new(row.GetInt64(3)),
                    Balance: new(row.GetInt64(4)),
                    At: DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5))
                ),
                id,
                limit
            );
            return new StatementAnswer(id, account.Currency, lines.Count > 0 ? lines[0].Balance : Money.Zero, lines);
        });

    /// <summary>Healthy is who can read the ledger; who cannot, fails here.</summary>
    public HealthAnswer Health() =>
        store.Read(session => session.One("SELECT count(*) FROM accounts WHERE id = 0", _ => new HealthAnswer("ok"))!);
}
