using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Bank;

/// <summary>Where clients are served: reads what they ask for, says no to what makes no sense.</summary>
sealed class Counter(Ledger ledger, Statements statements, Settings settings)
{
    static readonly Money LargestDeposit = Money.Parse("100000000.00");

    public async Task<Reply> OpenAccountAsync(HttpContext http)
    {
        var (order, _) = await ReadAsync(http, Wire.AccountOrder);
        if (order.Owner.Length is 0 or > 200)
            return Reply.Problem(400, "No owner", "An account has an owner, of at most 200 characters.");
        if (!settings.Currencies.Contains(order.Currency))
            return Reply.Problem(422, "Unknown currency", $"Accounts are in {string.Join(", ", settings.Currencies)}.");
        if (order.Deposit > LargestDeposit)
            return Reply.Problem(422, "Too much", $"A first deposit is at most {LargestDeposit}.");

        var account = await ledger.OpenAsync(order, http.RequestAborted);
        http.Response.Headers.Location = $"/accounts/{account.Id}";
        return Reply.Of(201, account, Wire.AccountAnswer);
    }

    public async Task<Reply> TransferAsync(HttpContext http)
    {
        var key = http.Request.Headers["Idempotency-Key"].ToString();
        if (key.Length is 0 or > 100)
            return Reply.Problem(400, "No key", "A transfer needs an Idempotency-Key of at most 100 characters.");
        var (order, body) = await ReadAsync(http, Wire.TransferOrder);
        if (order.Amount == Money.Zero)
            return Reply.Problem(400, "No amount", "The least amount is 0.01.");
        if (order.From == order.To)
            return Reply.Problem(422, "One account", "Payer and payee must be two accounts.");
        if (order.Amount > settings.TransferLimit)
            return Reply.Problem(422, "Above the limit", $"A transfer is at most {settings.TransferLimit}.");

        switch (await ledger.TransferAsync(key, SHA256.HashData(body), order, http.RequestAborted))
        {
            case Outcome.Posted posted:
                if (posted.Before)
                    http.Response.Headers["Idempotent-Replayed"] = "true";
                else
                    http.Response.Headers["Mint-Value"] = $"{order.Amount} {order.Currency}";
                return new(201, posted.Answer);
            case Outcome.Refused refused:
                http.Response.Headers["Mint-Signal"] = "declined";
                return Reply.Problem(refused.Status, refused.Title, refused.Detail);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public Reply Account(HttpContext http) =>
        statements.Account(IdIn(http)) is { } account ? Reply.Of(200, account, Wire.AccountAnswer) : Unknown(http);

    public Reply Statement(HttpContext http)
    {
        var limit = settings.StatementLimit;
        if (http.Request.Query.TryGetValue("limit", out var wanted))
        {
            if (!int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out limit))
                limit = 0;
            if (limit is 0 || limit > settings.StatementLimit)
                return Reply.Problem(400, "Bad limit", $"The limit is from 1 to {settings.StatementLimit} lines.");
        }
        return statements.Statement(IdIn(http), limit) is { } statement
            ? Reply.Of(200, statement, Wire.StatementAnswer)
            : Unknown(http);
    }

    static Reply Unknown(HttpContext http) =>
        Reply.Problem(404, "No such account", $"There is no account {http.GetRouteValue("id")}.");

    /// <summary>The account in the path; 0, which is nobody's, if that is no number.</summary>
    static long IdIn(HttpContext http) =>
        long.TryParse((string?)http.GetRouteValue("id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? id
            : 0;

    static async Task<(T Order, byte[] Body)> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
    {
        using var body = new MemoryStream(256);
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var bytes = body.ToArray();
        return (JsonSerializer.Deserialize(bytes, type) ?? throw new JsonException("an object is wanted"), bytes);
    }
}
