namespace Bank;

sealed record Account(long Id, string Owner, string Currency, string Kind)
{
    public bool IsCustomers => Kind == Accounts.Customer;
}

/// <summary>The last entry of an account: its balance is the account's.</summary>
readonly record struct Position(long Number, Money Balance);

static class Accounts
{
    public const string Customer = "customer";
    public const string Cash = "cash";
    public const string Income = "income";
    public const string Reserve = "reserve";

    /// <summary>The bank's own accounts, one of each kind in every currency.</summary>
    public static readonly string[] OfTheBank = [Cash, Income, Reserve];

    public static Account? Find(Session session, long id) =>
        session.One(
            "SELECT id, owner, currency, kind FROM accounts WHERE id = $1",
            row => new Account(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3)),
            id
        );

    public static Account? FindCustomers(Session session, long id) =>
        Find(session, id) is { IsCustomers: true } account ? account : null;

    public static long OfTheBankIn(Session session, string currency, string kind) =>
        session.One(
            "SELECT id FROM accounts WHERE kind = $1 AND currency = $2 AND kind <> 'customer'",
            row => row.GetInt64(0),
            kind,
            currency
        );

    public static long Open(Session session, string owner, string currency) =>
        session.One(
            "INSERT INTO accounts (owner, currency) VALUES ($1, $2) RETURNING id",
            row => row.GetInt64(0),
            owner,
            currency
        );

    public static Position PositionOf(Session session, long account) =>
        session.One(
            "SELECT number, balance FROM entries WHERE account = $1 ORDER BY number DESC LIMIT 1",
            row => new Position(row.GetInt64(0), new(row.GetInt64(1))),
            account
        );
}
