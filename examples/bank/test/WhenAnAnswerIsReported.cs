namespace Bank.Tests;

/// <summary>To whoever releases the bank: what is at stake, and what was declined.</summary>
public sealed class WhenAnAnswerIsReported : AtTheBank
{
    [Fact]
    public async Task ATransferSaysOnceWhatItMoved()
    {
        var (payer, payee) = (await Bank.OpenAsync("1000.00"), await Bank.OpenAsync("0.00"));

        var posted = await Bank.TransferAsync(payer, payee, "400.00", key: "one");
        var again = await Bank.TransferAsync(payer, payee, "400.00", key: "one");

        Assert.Equal(("400.00 EUR", null), (posted.Value, posted.Signal));
        Assert.Equal((null, null), (again.Value, again.Signal));
    }

    [Fact]
    public async Task OneThatTheLedgerRefusesIsDeclined()
    {
        var (payer, payee) = (await Bank.OpenAsync("10.00"), await Bank.OpenAsync("0.00"));

        var refused = await Bank.TransferAsync(payer, payee, "400.00");

        Assert.Equal((422, null, "declined"), (refused.Status, refused.Value, refused.Signal));
    }
}
