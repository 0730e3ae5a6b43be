using System.Text.Json;

namespace Bank.Tests;

public sealed class WhenAStatementIsAskedFor : AtTheBank
{
    [Fact, Smoke]
    public async Task TheNewestEntryComesFirst()
    {
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));
        await Bank.TransferAsync(payer, payee, "100.00");

        var statement = await Bank.GetAsync($"/accounts/{payer}/statement");

        Assert.Equal("899.75", statement["balance"]);
        var lines = statement.Body.GetProperty("lines");
        Assert.Equal(["-100.25", "1000.00"], Texts(lines, "amount"));
        Assert.Equal(["899.75", "1000.00"], Texts(lines, "balance"));
        Assert.Equal(payee, lines[0].GetProperty("with").GetInt64());
    }

    [Fact]
    public async Task ItHasAtMostAsManyLinesAsAskedFor()
    {
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));
        for (var i = 0; i < 6; i++)
            await Bank.TransferAsync(payer, payee, "10.00");

        Assert.Equal(2, await LinesAsync(payer, "?limit=2"));
        Assert.Equal(RunningBank.Settings.StatementLimit, await LinesAsync(payer, ""));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("6")]
    [InlineData("-1")]
    [InlineData("many")]
    public async Task ALimitOutOfBoundsIsRefused(string limit)
    {
        var account = await Bank.OpenAsync("1000.00");

        Assert.Equal(400, (await Bank.GetAsync($"/accounts/{account}/statement?limit={limit}")).Status);
    }

    [Theory]
    [InlineData("4711")]
    [InlineData("me")]
    public async Task AnUnknownAccountHasNone(string account)
    {
        Assert.Equal(404, (await Bank.GetAsync($"/accounts/{account}/statement")).Status);
    }

    async Task<int> LinesAsync(long account, string query) =>
        (await Bank.GetAsync($"/accounts/{account}/statement{query}")).Body.GetProperty("lines").GetArrayLength();

    static IEnumerable<string> Texts(JsonElement lines, string name) =>
        lines.EnumerateArray().Select(line => line.GetProperty(name).GetString()!);
}
