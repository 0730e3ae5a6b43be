using System.Buffers;
using System.Diagnostics;
using Mintmark.Gateway.Guard;
using Xunit;
using static Mintmark.Tests.Gateway.RawFrames;

namespace Mintmark.Tests.Gateway;

/// <summary>A client of HTTP/2 gives up all that it asks for, twice as often as any may in no time.</summary>
public sealed class WhenStreamsAreReset
{
    const int EachSecond = 100;

    readonly FrameCount count = new();

    /// <param name="every">Milliseconds, of what it asks and gives up in between.</param>
    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(240)]
    [InlineData(260)]
    [InlineData(490)]
    [InlineData(510)]
    [InlineData(990)]
    public void ADeadlineOfASecondIsNoAttackHoweverItsFramesCome(int every) => Assert.Null(GiveUp(after: 1_000, every));

    [Theory]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(240)]
    public void AtOnceItIs(int every) => Assert.Equal(Reason.Resets, GiveUp(after: 0, every));

    /// <returns>What was too much in the end of a minute; null where nothing was.</returns>
    Reason? GiveUp(int after, int every)
    {
        Assert.Null(count.Read(new ReadOnlySequence<byte>(Preface), now: 0));
        var (opened, reset) = (0, 0);
        for (var now = every; now < 60_000; now += every)
        {
            var bytes = new List<byte>();
            for (; opened * 1_000 < now * EachSecond; opened++)
                bytes.AddRange(Frame(Headers, EndHeaders | EndStream, (2 * opened) + 1, 0x82));
            for (; reset < opened && (reset * 1_000 / EachSecond) + every + after <= now; reset++)
                bytes.AddRange(Frame(Reset, 0, (2 * reset) + 1, 0, 0, 0, 8));
            if (count.Read(new ReadOnlySequence<byte>([.. bytes]), now * (Stopwatch.Frequency / 1_000)) is { } tooMuch)
                return tooMuch;
        }
        return null;
    }
}
