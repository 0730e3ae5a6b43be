namespace Bank.Tests;

public sealed class WhenTwoVersionsShareTheLedger : AtTheBank
{
    [Fact]
    public async Task NeitherFailsBecauseTheOtherWrites()
    {
        await using var next = await RunningBank.StartAsync("bank-2", Bank);

        var opened = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? Bank : next).OpenAsync("100.00"))
        );

        Assert.Equal(200, opened.Distinct().Count());
        Assert.Equal("-20000.00", Bank.HoldingOf(Accounts.Cash));
    }

    [Fact]
    public async Task ARepeatedRequestGetsItsFirstAnswerFromEither()
    {
        await using var next = await RunningBank.StartAsync("bank-2", Bank);
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));

        var first = await Bank.TransferAsync(payer, payee, "100.00", "either");
        var second = await next.TransferAsync(payer, payee, "100.00", "either");

        Assert.True(second.Replayed);
        Assert.Equal(first.Body.GetRawText(), second.Body.GetRawText());
        Assert.Equal("100.00", await next.BalanceAsync(payee));
    }

    [Fact, Smoke]
    public async Task EachSaysItsOwnMark()
    {
        await using var next = await RunningBank.StartAsync("bank-2", Bank);

        Assert.Equal("bank-1", (await Bank.GetAsync("/version"))["mark"]);
        Assert.Equal("bank-2", (await next.GetAsync("/version"))["mark"]);
        Assert.Equal(200, (await next.GetAsync("/health")).Status);
    }
}
