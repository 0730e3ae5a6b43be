using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace Bank.Tests;

/// <summary>A real bank on a ledger of its own, or beside another bank on the same one.</summary>
sealed class RunningBank : IAsyncDisposable
{
    public static readonly Settings Settings = new(
        Currencies: ["EUR", "USD"],
        FeeTiers: [new(Money.Parse("100.00"), 0.0025m), new(Money.Parse("10000.00"), 0.0015m)],
        ReserveShare: 0.4m,
        TransferLimit: Money.Parse("10000.00"),
        StatementLimit: 5
    );

    readonly WebApplication app;
    readonly HttpClient client;
    readonly string folder;
    readonly bool ownsFolder;
    int keys;

    RunningBank(WebApplication app, string folder, bool ownsFolder)
    {
        this.app = app;
        this.folder = folder;
        this.ownsFolder = ownsFolder;
        client = new() { BaseAddress = new(app.Urls.Single()) };
    }

    public static async Task<RunningBank> StartAsync(string mark = "bank-1", RunningBank? beside = null)
    {
        var folder = beside?.folder ?? Directory.CreateTempSubdirectory("bank-").FullName;
        var app = await BankApp.BuildAsync(new(Port: 0, mark, folder), Settings, TimeProvider.System);
        await app.StartAsync();
        return new(app, folder, ownsFolder: beside is null);
    }

    public async Task<Answer> GetAsync(string path) => await Answer.OfAsync(await client.GetAsync(path));

    public async Task<Answer> PostAsync(string path, string body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (key is not null)
            request.Headers.Add("Idempotency-Key", key);
        return await Answer.OfAsync(await client.SendAsync(request));
    }

    public async Task<long> OpenAsync(string deposit, string currency = "EUR")
    {
        var answer = await PostAsync(
            "/accounts",
            $$"""{"owner":"Ada","currency":"{{currency}}","deposit":"{{deposit}}"}"""
        );
        Assert.Equal(201, answer.Status);
        return answer.Body.GetProperty("id").GetInt64();
    }

    public Task<Answer> TransferAsync(long from, long to, string amount, string? key = null, string currency = "EUR") =>
        PostAsync(
            "/transfers",
            $$"""{"from":{{from}},"to":{{to}},"amount":"{{amount}}","currency":"{{currency}}"}""",
            key ?? $"key-{++keys}"
        );

    public async Task<string> BalanceAsync(long account) => (await GetAsync($"/accounts/{account}"))["balance"];

    /// <summary>What the bank's own account of a kind holds in euros.</summary>
    public string HoldingOf(string kind)
    {
        using var session = OpenLedger();
        return Accounts.PositionOf(session, Accounts.OfTheBankIn(session, "EUR", kind)).Balance.ToString();
    }

    public void Tamper(string sql)
    {
        using var session = OpenLedger();
        session.Script(sql);
    }

    Session OpenLedger() => new(Path.Combine(folder, "bank.db"), TimeSpan.FromSeconds(5));

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
        if (ownsFolder)
            Directory.Delete(folder, recursive: true);
    }
}

sealed record Answer(int Status, string Type, bool Replayed, JsonElement Body, string? Value, string? Signal)
{
    public string this[string name] => Body.GetProperty(name).GetString()!;

    public static async Task<Answer> OfAsync(HttpResponseMessage response)
    {
        using (response)
            return new(
                (int)response.StatusCode,
                response.Content.Headers.ContentType!.MediaType!,
                response.Headers.Contains("Idempotent-Replayed"),
                JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement,
                Header(response, "Mint-Value"),
                Header(response, "Mint-Signal")
            );
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}

/// <summary>A test with a bank of its own.</summary>
public abstract class AtTheBank : IAsyncLifetime
{
    private protected RunningBank Bank { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Bank = await RunningBank.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Bank.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}

/// <summary>Belongs to the quick suite that runs on every build.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SmokeAttribute : Attribute, Xunit.v3.ITraitAttribute
{
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("suite", "smoke")];
}
