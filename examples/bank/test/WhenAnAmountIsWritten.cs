namespace Bank.Tests;

public sealed class WhenAnAmountIsWritten
{
    [Theory]
    [InlineData("0.01", 1)]
    [InlineData("12.3", 1_230)]
    [InlineData("12", 1_200)]
    [InlineData("9999999999.99", 999_999_999_999)]
    public void ItIsReadAsCents(string text, long cents)
    {
        Assert.Equal(cents, Money.Parse(text).Cents);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".50")]
    [InlineData("1.")]
    [InlineData("1,00")]
    [InlineData("1.001")]
    [InlineData("+1.00")]
    [InlineData(" 1.00")]
    [InlineData("1e3")]
    [InlineData("10000000000.00")]
    public void AnythingElseIsRefused(string text)
    {
        Assert.False(Money.TryParse(text, out _));
    }

    [Theory]
    [InlineData(5, "0.05")]
    [InlineData(-5, "-0.05")]
    [InlineData(123_456, "1234.56")]
    public void ItAlwaysShowsTwoDecimals(long cents, string text)
    {
        Assert.Equal(text, new Money(cents).ToString());
    }
}
