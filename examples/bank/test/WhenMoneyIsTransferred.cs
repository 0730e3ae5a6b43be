namespace Bank.Tests;

public sealed class WhenMoneyIsTransferred : AtTheBank
{
    [Fact, Smoke]
    public async Task ItLeavesOneAccountAndReachesTheOther()
    {
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));

        var posted = await Bank.TransferAsync(payer, payee, "400.00");

        Assert.Equal(201, posted.Status);
        Assert.Equal("0.60", posted["fee"]);
        Assert.Equal("599.40", await Bank.BalanceAsync(payer));
        Assert.Equal("400.00", await Bank.BalanceAsync(payee));
    }

    [Theory]
    [InlineData("40.00", "0.10")]
    [InlineData("100.00", "0.25")]
    [InlineData("1000.00", "1.50")]
    [InlineData("0.20", "0.00")]
    [InlineData("2.00", "0.00")] // half a cent goes to the even neighbour, here down,
    [InlineData("6.00", "0.02")] // and here up
    public async Task TheFeeFollowsTheAmount(string amount, string fee)
    {
        var (payer, payee) = (await Bank.OpenAsync("2000.00"), await Bank.OpenAsync("0.00"));

        Assert.Equal(fee, (await Bank.TransferAsync(payer, payee, amount))["fee"]);
    }

    [Theory]
    [InlineData("400.00", "0.36", "0.24")]
    [InlineData("1000.00", "0.90", "0.60")]
    public async Task TheFeeIsSharedByIncomeAndReserve(string amount, string income, string reserve)
    {
        var (payer, payee) = (await Bank.OpenAsync("2000.00"), await Bank.OpenAsync("0.00"));

        await Bank.TransferAsync(payer, payee, amount);

        Assert.Equal(income, Bank.HoldingOf(Accounts.Income));
        Assert.Equal(reserve, Bank.HoldingOf(Accounts.Reserve));
    }

    [Fact]
    public async Task TheLimitItselfMayBeTransferred()
    {
        var (payer, payee) = (await Bank.OpenAsync("20000.00"), await Bank.OpenAsync("0.00"));

        Assert.Equal(201, (await Bank.TransferAsync(payer, payee, "10000.00")).Status);
        Assert.Equal(422, (await Bank.TransferAsync(payer, payee, "10000.01")).Status);
    }

    [Fact]
    public async Task TheFeeMustBeCoveredToo()
    {
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));

        var refused = await Bank.TransferAsync(payer, payee, "1000.00");

        Assert.Equal(422, refused.Status);
        Assert.Equal("The transfer costs 1001.50 with its fee.", refused["detail"]);
        Assert.Equal("1000.00", await Bank.BalanceAsync(payer));
        Assert.Equal("0.00", await Bank.BalanceAsync(payee));
    }

    [Fact]
    public async Task EverythingMayBeSpent()
    {
        var (payer, payee) = (await Bank.OpenAsync("1001.50"), await Bank.OpenAsync("0.00"));

        Assert.Equal(201, (await Bank.TransferAsync(payer, payee, "1000.00")).Status);
        Assert.Equal("0.00", await Bank.BalanceAsync(payer));
    }

    [Fact]
    public async Task AnotherCurrencyIsRefused()
    {
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00", "USD"));

        Assert.Equal(422, (await Bank.TransferAsync(payer, payee, "10.00")).Status);
        Assert.Equal("1000.00", await Bank.BalanceAsync(payer));
    }

    [Fact]
    public async Task APayerCannotPayItself()
    {
        var payer = await Bank.OpenAsync("1000.00");

        Assert.Equal(422, (await Bank.TransferAsync(payer, payer, "10.00")).Status);
    }

    [Fact]
    public async Task TheBanksOwnAccountsAreOutOfReach()
    {
        var payer = await Bank.OpenAsync("1000.00");
        const long cash = 1;

        Assert.Equal(404, (await Bank.TransferAsync(cash, payer, "10.00")).Status);
        Assert.Equal(404, (await Bank.TransferAsync(payer, cash, "10.00")).Status);
        Assert.Equal(404, (await Bank.GetAsync($"/accounts/{cash}")).Status);
    }
}
