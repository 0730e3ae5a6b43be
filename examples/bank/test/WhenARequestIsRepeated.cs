namespace Bank.Tests;

public sealed class WhenARequestIsRepeated : AtTheBank
{
    [Fact, Smoke]
    public async Task ItGetsTheFirstAnswerAndMoneyMovesOnce()
    {
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));

        var first = await Bank.TransferAsync(payer, payee, "100.00", "again");
        var second = await Bank.TransferAsync(payer, payee, "100.00", "again");

        Assert.Equal(201, second.Status);
        Assert.False(first.Replayed);
        Assert.True(second.Replayed);
        Assert.Equal(first.Body.GetRawText(), second.Body.GetRawText());
        Assert.Equal("100.00", await Bank.BalanceAsync(payee));
    }

    [Fact]
    public async Task AnotherBodyUnderTheSameKeyIsRefused()
    {
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));

        await Bank.TransferAsync(payer, payee, "100.00", "again");
        var other = await Bank.TransferAsync(payer, payee, "200.00", "again");

        Assert.Equal(422, other.Status);
        Assert.Equal("100.00", await Bank.BalanceAsync(payee));
    }

    [Fact]
    public async Task ARefusedTransferMayBeTriedAgain()
    {
        var (poor, rich) = (await Bank.OpenAsync("0.00"), await Bank.OpenAsync("1000.00"));

        var refused = await Bank.TransferAsync(poor, rich, "100.00", "later");
        await Bank.TransferAsync(rich, poor, "500.00");
        var posted = await Bank.TransferAsync(poor, rich, "100.00", "later");

        Assert.Equal(422, refused.Status);
        Assert.Equal(201, posted.Status);
    }

    [Fact]
    public async Task TwoAtTheSameTimeMoveMoneyOnce()
    {
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => Bank.TransferAsync(payer, payee, "100.00", "at once"))
        );

        Assert.All(answers, answer => Assert.Equal(201, answer.Status));
        Assert.Single(answers, answer => !answer.Replayed);
        Assert.Equal("100.00", await Bank.BalanceAsync(payee));
    }

    [Fact]
    public async Task ATransferWithoutAKeyIsRefused()
    {
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));

        Assert.Equal(400, (await Bank.TransferAsync(payer, payee, "100.00", key: "")).Status);
    }
}
