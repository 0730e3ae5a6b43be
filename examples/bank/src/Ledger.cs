using System.Text.Json;

namespace Bank;

/// <summary>What became of a transfer that was asked for.</summary>
abstract record Outcome
{
    Outcome() { }

    /// <summary>It was posted, now or (<paramref name="Before"/>) by an earlier request with the same key.</summary>
    public sealed record Posted(byte[] Answer, bool Before) : Outcome;

    /// <summary>Nothing moved. The key stays free, so the client may try again when the reason is gone.</summary>
    public sealed record Refused(int Status, string Title, string Detail) : Outcome;
}

/// <summary>Moves money. A movement is one transaction of entries that sum to zero, written under one mark.</summary>
sealed class Ledger(Store store, Settings settings, string mark, TimeProvider clock)
{
    readonly Tariff tariff = new(settings.FeeTiers, settings.ReserveShare);

    /// <summary>Opens an account. A first deposit is paid in at the counter: it comes from the bank's cash.</summary>
    public Task<AccountAnswer> OpenAsync(AccountOrder order, CancellationToken cancellation) =>
        store.WriteAsync(
            session =>
            {
                var account = Accounts.Open(session, order.Owner, order.Currency);
                if (order.Deposit > Money.Zero)
                {
                    var cash = Accounts.OfTheBankIn(session, order.Currency, Accounts.Cash);
                    var (transfer, _) = Record(
                        session,
                        null,
                        new(cash, account, order.Deposit, order.Currency),
                        Money.Zero
                    );
                    Post(session, transfer, cash, -order.Deposit);
                    Post(session, transfer, account, order.Deposit);
                }
                return new AccountAnswer(account, order.Owner, order.Currency, order.Deposit);
            },
            cancellation
        );

    /// <param name="key">The client's idempotency key: whatever carries it again gets the first answer again.</param>
    /// <param name="request">The digest of the request, to know it from another one under the same key.</param>
    public Task<Outcome> TransferAsync(
        string key,
        byte[] request,
        TransferOrder order,
        CancellationToken cancellation
    ) =>
        store.WriteAsync(session => Earlier(session, key, request) ?? Make(session, key, request, order), cancellation);

    static Outcome? Earlier(Session session, string key, byte[] request)
    {
        var first = session.One(
            "SELECT request, answer FROM answers WHERE key = $1",
            row => (Request: row.GetFieldValue<byte[]>(0), Answer: row.GetFieldValue<byte[]>(1)),
            key
        );
        if (first == default)
            return null;
        return first.Request.AsSpan().SequenceEqual(request)
            ? new Outcome.Posted(first.Answer, Before: true)
            : new Outcome.Refused(422, "Key already used", "This Idempotency-Key belongs to another transfer.");
    }

    Outcome Make(Session session, string key, byte[] request, TransferOrder order)
    {
        var payer = Accounts.FindCustomers(session, order.From);
        var payee = Accounts.FindCustomers(session, order.To);
        if (payer is null || payee is null)
            return new Outcome.Refused(
                404,
                "No such account",
                $"{(payer is null ? order.From : order.To)} is unknown."
            );
        if (payer.Currency != order.Currency || payee.Currency != order.Currency)
            return new Outcome.Refused(422, "Another currency", $"Both accounts must be in {order.Currency}.");

        var fee = tariff.For(order.Amount);
        var cost = order.Amount + fee.Total;
        if (Accounts.PositionOf(session, payer.Id).Balance < cost)
            return new Outcome.Refused(422, "Insufficient funds", $"The transfer costs {cost} with its fee.");

        var (transfer, at) = Record(session, key, order, fee.Total);
        Post(session, transfer, payer.Id, -cost);
        Post(session, transfer, payee.Id, order.Amount);
        Post(session, transfer, Accounts.OfTheBankIn(session, order.Currency, Accounts.Income), fee.Income);
        Post(session, transfer, Accounts.OfTheBankIn(session, order.Currency, Accounts.Reserve), fee.Reserve);

        var answer = JsonSerializer.SerializeToUtf8Bytes(
            new(transfer, order.From, order.To, order.Amount, fee.Total, order.Currency, at),
            Wire.TransferAnswer
        );
        session.Run("INSERT INTO answers (key, request, answer) VALUES ($1, $2, $3)", key, request, answer);
        return new Outcome.Posted(answer, Before: false);
    }

    (long Transfer, DateTimeOffset At) Record(Session session, string? key, TransferOrder order, Money fee)
    {
        var at = clock.GetUtcNow();
        var transfer = session.One(
            """
            INSERT INTO transfers (mark, key, payer, payee, amount, fee, currency, made_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
            """,
            row => row.GetInt64(0),
            mark,
            key,
            order.From,
            order.To,
            order.Amount.Cents,
            fee.Cents,
            order.Currency,
            at.ToUnixTimeMilliseconds()
        );
        return (transfer, at);
    }

    static void Post(Session session, long transfer, long account, Money amount)
    {
        if (amount == Money.Zero)
            return;
        var last = Accounts.PositionOf(session, account);
        session.Run(
            "INSERT INTO entries (account, number, transfer, amount, balance) VALUES ($1, $2, $3, $4, $5)",
            account,
            last.Number + 1,
            transfer,
            amount.Cents,
            (last.Balance + amount).Cents
        );
    }
}
