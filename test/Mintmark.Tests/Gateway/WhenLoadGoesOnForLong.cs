using Mintmark.Bench.Soak;
using Xunit;

namespace Mintmark.Tests.Gateway;

/// <summary>A short form of <c>mint bench soak</c>.</summary>
public sealed class WhenLoadGoesOnForLong
{
    [Fact]
    public async Task NothingIsLostOrDoneTwiceAndTheGatewayDoesNotGrow()
    {
        var soaked = await SoakRun.RunAsync(seed: 1, sets: 1, between: 25, goesOn: rounds => rounds.Count < 2);

        Assert.True(soaked.Failures.Count == 0, string.Join('\n', soaked.Failures));
        Assert.Equal((0, 0), (soaked.Lost, soaked.Doubled));
        Assert.All(Enum.GetValues<Blow>(), blow => Assert.InRange(soaked.Blows.GetValueOrDefault(blow), 3, 100));
        Assert.True(soaked.Refused > 0);
        var (first, last) = (soaked.Rounds[0], soaked.Rounds[^1]);
        Assert.InRange(last.HeapMegabytes - first.HeapMegabytes, -100, 4);
        // Of clients some connections may be there yet; the bench itself, which has more time, allows fewer.
        Assert.InRange(last.Descriptors - first.Descriptors, -1_000, 40);
    }
}
