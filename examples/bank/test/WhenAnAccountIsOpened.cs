namespace Bank.Tests;

public sealed class WhenAnAccountIsOpened : AtTheBank
{
    [Fact, Smoke]
    public async Task ItHoldsItsDeposit()
    {
        var account = await Bank.OpenAsync("250.00");

        var answer = await Bank.GetAsync($"/accounts/{account}");

        Assert.Equal(200, answer.Status);
        Assert.Equal("250.00", answer["balance"]);
        Assert.Equal("EUR", answer["currency"]);
        Assert.Equal("Ada", answer["owner"]);
    }

    [Fact]
    public async Task ItMayStartEmpty()
    {
        var opened = await Bank.PostAsync("/accounts", """{"owner":"Ada","currency":"EUR"}""");

        Assert.Equal(201, opened.Status);
        Assert.Equal("0.00", opened["balance"]);
    }

    [Fact]
    public async Task TheDepositComesFromTheBanksCash()
    {
        await Bank.OpenAsync("250.00");

        Assert.Equal("-250.00", Bank.HoldingOf(Accounts.Cash));
    }

    [Fact]
    public async Task AnUnknownCurrencyIsRefused()
    {
        var refused = await Bank.PostAsync("/accounts", """{"owner":"Ada","currency":"XXX"}""");

        Assert.Equal(422, refused.Status);
        Assert.Equal("Accounts are in EUR, USD.", refused["detail"]);
    }
}
