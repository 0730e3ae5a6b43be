namespace Bank.Tests;

public sealed class WhenARequestMakesNoSense : AtTheBank
{
    [Theory]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"from":7,"to":8,"amount":"1.00"}""")]
    [InlineData("""{"from":7,"to":8,"amount":1.00,"currency":"EUR"}""")]
    [InlineData("""{"from":7,"to":8,"amount":"1.005","currency":"EUR"}""")]
    [InlineData("""{"from":7,"to":8,"amount":"-1.00","currency":"EUR"}""")]
    [InlineData("""{"from":7,"to":8,"amount":"0.00","currency":"EUR"}""")]
    [InlineData("""{"from":7,"to":8,"amount":"1.00","currency":"EUR","colour":"red"}""")]
    public async Task TheAnswerSaysWhy(string body)
    {
        var refused = await Bank.PostAsync("/transfers", body, "key");

        Assert.Equal(400, refused.Status);
        Assert.Equal("application/problem+json", refused.Type);
        Assert.NotEmpty(refused["detail"]);
    }

    [Fact]
    public async Task AnUnknownPathIsNotFound()
    {
        Assert.Equal(404, (await Bank.GetAsync("/loans")).Status);
    }
}
