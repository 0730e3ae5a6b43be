using Mintmark.Releases;
using Mintmark.Watch;
using Xunit;

namespace Mintmark.Tests.Watch.Statistics;

public sealed class WhenAWalkIsCalibrated
{
    private static readonly RatioMixture Mixture = new(1, [(2, 1), (10, 1), (300, 1)]);

    [Theory]
    [InlineData(100, 4.0)]
    [InlineData(500, 3.0)]
    [InlineData(5_000, 2.0)]
    [InlineData(9_000, 0.5)]
    public void ItsChanceIsThatOfAllPathsTogether(int share, double boundary)
    {
        var walk = new CalibratedWalk(Mixture, new Share(share), boundary, cells: 40);

        var chance = OfAllPaths(new Share(share), boundary, walk.Rows - 1);

        Assert.InRange(walk.Rows, 7, 17);
        Assert.Equal(chance, walk.AtStart, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(500)]
    [InlineData(5_000)]
    [InlineData(9_900)]
    public void NoBadUnitRaisesItInExpectation(int share)
    {
        var walk = new CalibratedWalk(Mixture, new Share(share), 8, cells: 3_000);
        var w = new Share(share).Fraction;
        foreach (var onCandidate in new[] { w, w / 3, 0 })
        {
            // Beyond the end of the table as well.
            for (var n = 0; n < walk.Rows + 5; n++)
            {
                for (var c = 0; c <= Math.Min(n, 60); c++)
                {
                    var next =
                        onCandidate * Math.Exp(walk.Log(n + 1, c + 1))
                        + (1 - onCandidate) * Math.Exp(walk.Log(n + 1, c));
                    Assert.True(next <= Math.Exp(walk.Log(n, c)) * (1 + 1e-9), $"{c} of {n} at {onCandidate}: {next}");
                }
            }
        }
    }

    [Fact]
    public void TheLowestBoundaryKeepsToWhatIsAllowed()
    {
        var walk = CalibratedWalk.Lowest(Mixture, new Share(100), Math.Log(10_000), _ => 0.000_1);

        Assert.InRange(walk.AtStart, 0.000_08, 0.000_1);
        Assert.Equal(-Math.Log(walk.AtStart), walk.Log(9, 9), 12);
        Assert.Equal(0, walk.Log(0, 0), 12);
    }

    private static double OfAllPaths(Share share, double boundary, int length)
    {
        var w = share.Fraction;
        var sum = 0.0;
        for (var path = 0; path < 1 << length; path++)
        {
            var (chance, worth, c) = (1.0, 0.0, 0);
            for (var n = 1; n <= length; n++)
            {
                var onCandidate = (path >> n - 1 & 1) == 1;
                c += onCandidate ? 1 : 0;
                chance *= onCandidate ? w : 1 - w;
                var mixture = Mixture.Log(share, n, c);
                worth = worth >= 1 || mixture >= boundary ? 1 : Math.Exp(mixture - boundary) * (n == length ? 1 : 0);
            }
            sum += chance * worth;
        }
        return sum;
    }
}
