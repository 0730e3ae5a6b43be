using FsCheck;
using FsCheck.Fluent;
using Mintmark.Log;
using Xunit;

namespace Mintmark.Tests.Log;

public sealed class WhenLeavesAreHashed
{
    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void TheRootIsThatOfRfc6962(int size, string root)
    {
        var tree = new MerkleTree();
        foreach (var leaf in Trees.OfVectors()[..size])
            tree.Append(leaf);

        Assert.Equal(size, tree.Size);
        Assert.Equal(Hash.Parse(root), tree.Root);
    }

    [Fact]
    public void TheRightEdgeAgreesWithTheRecursiveDefinitionAtAnySize() =>
        Check.One(
            Config.QuickThrowOnFailure.WithQuietOnSuccess(true),
            Prop.ForAll(
                Gen.Choose(0, 1100).ToArbitrary(),
                size =>
                {
                    var leaves = Trees.Leaves(size);
                    var tree = new MerkleTree();
                    foreach (var leaf in leaves)
                        tree.Append(leaf);
                    return tree.Root == Trees.Root(leaves);
                }
            )
        );

    [Fact]
    public void ACopyGrowsAlone()
    {
        var tree = new MerkleTree();
        for (var i = 0; i < 7; i++)
            tree.Append(Merkle.LeafHash([(byte)i]));
        var root = tree.Root;

        var copy = tree.Copy();
        copy.Append(Merkle.LeafHash("eighth"u8));

        Assert.Equal((7, root), (tree.Size, tree.Root));
        Assert.Equal(8, copy.Size);
        Assert.NotEqual(root, copy.Root);
    }

    [Fact]
    public void ALongBodyHashesAsAShortOneDoes()
    {
        var body = new byte[MerkleLog.MaxEntryLength];
        body.AsSpan().Fill(7);

        Assert.Equal(new Hash(System.Security.Cryptography.SHA256.HashData([0, .. body])), Merkle.LeafHash(body));
    }

    [Theory]
    [InlineData("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85")]
    [InlineData("E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855")]
    [InlineData("x3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void AHashHasOneWayToBeWritten(string text) => Assert.Throws<FormatException>(() => Hash.Parse(text));
}
