using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Releases;

public sealed class WhenIdsAreRead
{
    [Theory]
    [InlineData("a")]
    [InlineData("bank")]
    [InlineData("bank-2")]
    [InlineData("a123456789012345678901234567890123456789")]
    public void AServiceNameIsTaken(string text) => Assert.Equal(text, ServiceName.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("Bank")]
    [InlineData("1bank")]
    [InlineData("bank-")]
    [InlineData("-bank")]
    [InlineData("bank\n")]
    [InlineData("ba nk")]
    [InlineData("bänk")]
    [InlineData("../bank")]
    [InlineData("a1234567890123456789012345678901234567890")]
    public void WhatIsNoServiceNameIsRefused(string text)
    {
        Assert.Throws<FormatException>(() => ServiceName.Parse(text));
        Assert.False(ServiceName.TryParse(text, null, out _));
    }

    [Theory]
    [InlineData("bank-17", "bank", 17)]
    [InlineData("bank-2-1", "bank-2", 1)]
    public void AMarkIsServiceAndNumber(string text, string service, int number) =>
        Assert.Equal(new Mark(new(service), number), Mark.Parse(text));

    [Theory]
    [InlineData("bank")]
    [InlineData("bank-")]
    [InlineData("bank-0")]
    [InlineData("bank-017")]
    [InlineData("bank-+1")]
    [InlineData("bank--1")]
    [InlineData("bank-1 ")]
    [InlineData("bank-1\n")]
    [InlineData("bank-99999999999")]
    [InlineData("-1")]
    public void NothingHasTwoNames(string text)
    {
        Assert.False(Mark.TryParse(text, null, out _));
        Assert.False(ReleaseId.TryParse(text.Replace("bank", "rel", StringComparison.Ordinal), null, out _));
        Assert.False(InstanceId.TryParse(text.Replace("bank", "i", StringComparison.Ordinal), null, out _));
    }

    [Fact]
    public void NumbersAreOrderedAsNumbers()
    {
        Assert.True(Mark.Parse("bank-9").CompareTo(Mark.Parse("bank-10")) < 0);
        Assert.True(ReleaseId.Parse("rel-9").CompareTo(ReleaseId.Parse("rel-10")) < 0);
        Assert.True(InstanceId.Parse("i-9").CompareTo(InstanceId.Parse("i-10")) < 0);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void AShareIsAPartOfTheWhole(int basisPoints) =>
        Assert.Throws<FormatException>(() => new Share(basisPoints));

    [Fact]
    public void AShareReadsAsPercent() =>
        Assert.Equal(
            ["0 %", "0.01 %", "2.5 %", "100 %"],
            new[] { 0, 1, 250, 10_000 }.Select(b => new Share(b).ToString())
        );
}
