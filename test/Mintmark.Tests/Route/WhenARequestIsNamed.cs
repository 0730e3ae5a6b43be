using FsCheck;
using FsCheck.Fluent;
using Mintmark.Releases;
using Mintmark.Route;
using Xunit;

namespace Mintmark.Tests.Route;

public sealed class WhenARequestIsNamed
{
    [Fact]
    public void TheNameSaysVersionInstanceAndTime()
    {
        var at = DateTimeOffset.Parse("2026-03-01T12:00:00.123Z", provider: null);
        var id = new RequestId(Mark.Parse("bank-17"), new InstanceId(40), at.ToUnixTimeMilliseconds(), 51);

        Assert.Equal("bank-17.40.mm7p6yrf.1f", id.ToString());
        Assert.Equal(at, RequestId.Parse("bank-17.40.mm7p6yrf.1f").At);
    }

    [Fact]
    public void AGatewayBesideTheFirstStandsInIt()
    {
        Assert.Equal("7481", RequestId.Parse("bank-17.40.mm7p6yrf.1f.7481").Gateway);
        Assert.Null(RequestId.Parse("bank-17.40.mm7p6yrf.1f").Gateway);
        Assert.Equal("bank-17.40.mm7p6yrf.1f.7481", RequestId.Parse("bank-17.40.mm7p6yrf.1f.7481").ToString());
    }

    [Fact]
    public void ReadingGivesBackWhatWasWritten() =>
        Prop.ForAll<PositiveInt, NonNegativeInt, NonNegativeInt>(
                (number, seconds, count) =>
                {
                    var id = new RequestId(
                        new Mark(new ServiceName("a-1-b"), number.Get),
                        new InstanceId(number.Get),
                        seconds.Get * 1000L,
                        count.Get * 100_000_007L
                    );
                    return RequestId.TryParse(id.ToString(), out var read) && read == id;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void TheLongestNameFits()
    {
        var longest = new RequestId(
            new Mark(new ServiceName(new string('s', 40)), int.MaxValue),
            new InstanceId(int.MaxValue),
            DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(),
            long.MaxValue,
            new string('g', RequestId.LongestGateway)
        );

        Assert.True(longest.ToString().Length <= RequestId.MaxLength);
        Assert.Equal(longest, RequestId.Parse(longest.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("bank-17")]
    [InlineData("bank-17.40.mi3k2p1x")]
    [InlineData("bank-17.40.mi3k2p1x.1f.")]
    [InlineData("bank-17.40.mi3k2p1x.1f.7481.1")]
    [InlineData("bank-17.40.mi3k2p1x.1f.Second")]
    [InlineData("bank-17.40.mi3k2p1x.1f.ggggggggggggggggggggggggggggggggg")]
    [InlineData("bank-017.40.mi3k2p1x.1f")]
    [InlineData("bank-17.040.mi3k2p1x.1f")]
    [InlineData("bank-17.40.0mi3k2p1x.1f")]
    [InlineData("bank-17.40.MI3K2P1X.1f")]
    [InlineData("bank-17.40.mi3k2p1x.-1")]
    [InlineData("bank-17.40.zzzzzzzzzzzzz.1")]
    [InlineData("bank-17.40.mi3k2p1x.zzzzzzzzzzzzz")]
    public void AnythingElseIsNoName(string text) => Assert.False(RequestId.TryParse(text, out _));
}
