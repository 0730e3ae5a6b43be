using FsCheck;
using FsCheck.Fluent;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenTwoTreesAreCompared
{
    [Theory]
    [InlineData(1, 1, "")]
    [InlineData(1, 8, "96a296d2 5f083f0a 6b47aaf2")]
    [InlineData(6, 8, "0ebc5d34 ca854ea1 d37ee418")]
    [InlineData(2, 5, "5f083f0a bc1a0643")]
    [InlineData(6, 7, "0ebc5d34 b08693ec d37ee418")]
    [InlineData(0, 8, "")]
    public void TheProofIsThatOfTheReferenceImplementation(int earlier, int later, string hashes)
    {
        var proof = Trees.Nodes(Trees.OfVectors()).Consistency(earlier, later);

        Assert.Equal(hashes, string.Join(' ', proof.Select(hash => hash.ToString()[..8])));
    }

    [Fact]
    public void EveryPairOfSmallTreesIsConsistent()
    {
        var leaves = Trees.Leaves(70);
        var nodes = Trees.Nodes(leaves);
        for (var later = 0; later <= leaves.Length; later++)
        for (var earlier = 0; earlier <= later; earlier++)
        {
            var proof = nodes.Consistency(earlier, later);
            if (earlier > 0)
                Assert.Equal(Trees.Subproof(earlier, leaves.AsSpan(0, later)), proof);
            Assert.True(MerkleProof.IsPrefix(earlier, nodes.Root(earlier), later, nodes.Root(later), proof));
        }
    }

    [Fact]
    public void AProofOfAnyPairHoldsAndNoVariationOfItDoes() =>
        Check.One(
            Config.QuickThrowOnFailure.WithQuietOnSuccess(true),
            Prop.ForAll(
                Cases.ToArbitrary(),
                given =>
                {
                    var (earlier, later) = given;
                    var nodes = Trees.Nodes(Trees.Leaves(later));
                    var (first, second) = (nodes.Root(earlier), nodes.Root(later));
                    var proof = nodes.Consistency(earlier, later);
                    Assert.True(MerkleProof.IsPrefix(earlier, first, later, second, proof));
                    var other = Merkle.LeafHash("another"u8);
                    Assert.False(MerkleProof.IsPrefix(earlier, other, later, second, proof));
                    Assert.False(MerkleProof.IsPrefix(earlier, first, later, other, proof));
                    Assert.False(MerkleProof.IsPrefix(earlier, second, later, first, proof));
                    Assert.False(MerkleProof.IsPrefix(later, first, earlier, second, proof));
                    foreach (var (what, path) in Wrong(proof))
                        Assert.False(MerkleProof.IsPrefix(earlier, first, later, second, path), $"{given}: {what}");
                }
            )
        );

    [Fact]
    public void AForkIsNotConsistent()
    {
        var leaves = Trees.Leaves(300);
        var before = Trees.Nodes(leaves);
        for (var altered = 0; altered < 200; altered += 13)
        {
            var fork = leaves.ToArray();
            fork[altered] = Merkle.LeafHash("forged"u8);
            var forked = Trees.Nodes(fork);
            var proof = forked.Consistency(200, 300);
            Assert.False(MerkleProof.IsPrefix(200, before.Root(200), 300, forked.Root(300), proof));
        }
    }

    [Fact]
    public void SizesThatCannotBeAreANo()
    {
        var (empty, root) = (Merkle.EmptyRoot, Merkle.LeafHash("a"u8));
        Assert.False(MerkleProof.IsPrefix(-1, empty, 1, root, []));
        Assert.False(MerkleProof.IsPrefix(2, root, 1, root, []));
        Assert.False(MerkleProof.IsPrefix(0, root, 1, root, []));
        Assert.False(MerkleProof.IsPrefix(0, empty, 1, root, [root]));
        Assert.False(MerkleProof.IsPrefix(0, root, 0, root, []));
        Assert.False(MerkleProof.IsPrefix(1, root, 1, root, [root]));
        Assert.False(MerkleProof.IsPrefix(1, root, 2, root, []));
        Assert.False(MerkleProof.IsPrefix(3, root, long.MaxValue, root, [.. Enumerable.Repeat(root, 1_000)]));
    }

    static Gen<(int Earlier, int Later)> Cases =>
        from later in Gen.Choose(2, 1500)
        from earlier in Gen.Choose(1, later - 1)
        select (earlier, later);

    static IEnumerable<(string What, Hash[] Path)> Wrong(Hash[] path)
    {
        for (var i = 0; i < path.Length; i++)
        {
            yield return ($"without {i}", [.. path[..i], .. path[(i + 1)..]]);
            var flipped = path.ToArray();
            flipped[i] = Merkle.NodeHash(path[i], path[i]);
            yield return ($"another hash {i}", flipped);
            if (i > 0)
                yield return ($"{i} before {i - 1}", WhenAnEntryIsProved.Swapped(path, i));
        }
        for (var i = 0; i <= path.Length; i++)
            yield return ($"one more at {i}", [.. path[..i], Merkle.EmptyRoot, .. path[i..]]);
    }
}
