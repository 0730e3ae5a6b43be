using FsCheck;
using FsCheck.Fluent;
using Mintmark.Gateway;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Gateway;

public sealed class WhenClientsDrawLots
{
    static readonly Lots Lots = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    [Fact]
    public void RaisingTheShareMovesOnlyThoseWhoMustMove() =>
        Prop.ForAll<NonNull<string>, ushort, ushort>(
                (client, one, other) =>
                {
                    var lot = Lots.Draw(new ReleaseId(1), client.Get);
                    var small = new Share(Math.Min(one % 10_001, other % 10_001));
                    var large = new Share(Math.Max(one % 10_001, other % 10_001));
                    return !lot.IsCandidate(small) || lot.IsCandidate(large);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void TheShareDecidesAtItsEdges()
    {
        Assert.False(new Lot(0, 0).IsCandidate(new Share(0)));
        Assert.True(new Lot(0, 0).IsCandidate(new Share(1)));
        Assert.True(new Lot(ulong.MaxValue, 0).IsCandidate(new Share(10_000)));
        Assert.False(new Lot(ulong.MaxValue, 0).IsCandidate(new Share(9_999)));
        Assert.True(new Lot((1UL << 63) - 1, 0).IsCandidate(new Share(5_000)));
        Assert.False(new Lot(1UL << 63, 0).IsCandidate(new Share(5_000)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(2_500)]
    [InlineData(5_000)]
    public void TheCandidateGetsItsShareOfClients(int basisPoints)
    {
        const int clients = 20_000;
        var share = new Share(basisPoints);

        var drawn = Enumerable.Range(0, clients).Count(i => Draw(i).IsCandidate(share));

        var deviation = Math.Sqrt(clients * share.Fraction * (1 - share.Fraction));
        Assert.InRange(drawn, clients * share.Fraction - 4 * deviation, clients * share.Fraction + 4 * deviation);

        static Lot Draw(int i) => Lots.Draw(new ReleaseId(1), $"client-{i}");
    }

    [Fact]
    public void EachReleaseAndEachSecretDrawsAnew()
    {
        var otherSecret = new Lots(new byte[32]);
        var half = new Share(5_000);
        var clients = Enumerable.Range(0, 1_000).Select(i => $"client-{i}").ToList();

        int Agreeing(Lots a, int releaseA, Lots b, int releaseB) =>
            clients.Count(c =>
                a.Draw(new ReleaseId(releaseA), c).IsCandidate(half)
                == b.Draw(new ReleaseId(releaseB), c).IsCandidate(half)
            );

        Assert.Equal(1_000, Agreeing(Lots, 1, Lots, 1));
        Assert.InRange(Agreeing(Lots, 1, Lots, 2), 400, 600);
        Assert.InRange(Agreeing(Lots, 1, otherSecret, 1), 400, 600);
    }

    [Fact]
    public void ALongNameIsDrawnForAsAWhole()
    {
        var name = new string('n', 5_000);

        Assert.NotEqual(Lots.Draw(new ReleaseId(1), name + "1"), Lots.Draw(new ReleaseId(1), name + "2"));
    }
}
