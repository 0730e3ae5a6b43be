using FsCheck;
using FsCheck.Fluent;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenAnEntryIsProved
{
    [Theory]
    [InlineData(0, 1, "")]
    [InlineData(0, 8, "96a296d2 5f083f0a 6b47aaf2")]
    [InlineData(5, 8, "bc1a0643 ca854ea1 d37ee418")]
    [InlineData(2, 3, "fac54203")]
    [InlineData(1, 5, "6e340b9c 5f083f0a bc1a0643")]
    public void TheProofIsThatOfTheReferenceImplementation(int index, int size, string hashes)
    {
        var proof = Trees.Nodes(Trees.OfVectors()).Inclusion(index, size);

        Assert.Equal(hashes, string.Join(' ', proof.Select(hash => hash.ToString()[..8])));
        Assert.Equal(Trees.Path(index, Trees.OfVectors().AsSpan(0, size)), proof);
    }

    [Fact]
    public void EveryProofOfEverySmallTreeHolds()
    {
        var leaves = Trees.Leaves(70);
        var nodes = Trees.Nodes(leaves);
        for (var size = 1; size <= leaves.Length; size++)
        for (var index = 0; index < size; index++)
        {
            var proof = nodes.Inclusion(index, size);
            Assert.Equal(Trees.Path(index, leaves.AsSpan(0, size)), proof);
            Assert.Equal(nodes.Root(size), MerkleProof.RootOf(leaves[index], index, size, proof));
        }
    }

    [Fact]
    public void AProofOfAnyTreeHoldsAndNoVariationOfItDoes() =>
        Check.One(
            Config.QuickThrowOnFailure.WithQuietOnSuccess(true),
            Prop.ForAll(
                Cases.ToArbitrary(),
                given =>
                {
                    var (size, index) = given;
                    var leaves = Trees.Leaves(size);
                    var nodes = Trees.Nodes(leaves);
                    var root = Trees.Root(leaves);
                    var proof = nodes.Inclusion(index, size);
                    Assert.Equal(root, MerkleProof.RootOf(leaves[index], index, size, proof));
                    foreach (var (what, at, of, path) in Wrong(index, size, proof))
                        Assert.False(MerkleProof.RootOf(leaves[index], at, of, path) == root, $"{given}: {what}");
                    Assert.NotEqual(root, MerkleProof.RootOf(Merkle.LeafHash("another"u8), index, size, proof));
                }
            )
        );

    [Fact]
    public void SizesAndProofsThatCannotBeAreNoAnswer()
    {
        Hash[] long63 = [.. Enumerable.Repeat(Merkle.EmptyRoot, 63)];
        Assert.NotNull(MerkleProof.RootOf(Merkle.EmptyRoot, 0, long.MaxValue, long63));
        Assert.Null(MerkleProof.RootOf(Merkle.EmptyRoot, -1, 5, []));
        Assert.Null(MerkleProof.RootOf(Merkle.EmptyRoot, 5, 5, []));
        Assert.Null(MerkleProof.RootOf(Merkle.EmptyRoot, 0, 0, []));
        Assert.Null(MerkleProof.RootOf(Merkle.EmptyRoot, 0, long.MaxValue, [.. long63, Merkle.EmptyRoot]));
    }

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(5, 5)]
    [InlineData(0, 0)]
    [InlineData(0, 9)]
    public void ThereIsNoProofOfWhatIsNotThere(int index, int size) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Trees.Nodes(Trees.OfVectors()).Inclusion(index, size));

    static Gen<(int Size, int Index)> Cases =>
        from size in Gen.Choose(1, 1500)
        from index in Gen.Choose(0, size - 1)
        select (size, index);

    static IEnumerable<(string What, long Index, long Size, Hash[] Path)> Wrong(int index, int size, Hash[] path)
    {
        foreach (var other in new[] { 0, index - 1, index + 1, index ^ 1, size - 1, size }.Where(i => i != index))
            yield return ($"index {other}", other, size, path);
        // A size whose tree has the same path to the leaf verifies as well: the size is bound by the checkpoint only.
        foreach (var other in new[] { size * 2, size + 1, index }.Where(s => !SamePath(index, size, s)))
            yield return ($"size {other}", index, other, path);
        for (var i = 0; i < path.Length; i++)
        {
            yield return ($"without {i}", index, size, [.. path[..i], .. path[(i + 1)..]]);
            var flipped = path.ToArray();
            flipped[i] = Merkle.NodeHash(path[i], path[i]);
            yield return ($"another hash {i}", index, size, flipped);
            if (i > 0)
                yield return ($"{i} before {i - 1}", index, size, Swapped(path, i));
        }
        for (var i = 0; i <= path.Length; i++)
            yield return ($"one more at {i}", index, size, [.. path[..i], Merkle.EmptyRoot, .. path[i..]]);
    }

    static bool SamePath(int index, int size, int other) =>
        other > index && Sides(index, size).SequenceEqual(Sides(index, other));

    /// <summary>On which side the siblings stand, from the root down.</summary>
    static IEnumerable<bool> Sides(int index, int size)
    {
        while (size > 1)
        {
            var split = 1 << (int)long.Log2(size - 1);
            yield return index < split;
            (index, size) = index < split ? (index, split) : (index - split, size - split);
        }
    }

    internal static Hash[] Swapped(Hash[] path, int i)
    {
        var swapped = path.ToArray();
        (swapped[i - 1], swapped[i]) = (swapped[i], swapped[i - 1]);
        return swapped;
    }
}
