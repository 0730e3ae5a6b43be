using Mintmark.Build;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.BankExample;

public sealed class WhenTheBankIsTakenAway
{
    [Fact]
    public void ItBringsWhatItWouldOtherwiseInherit() =>
        Assert.Subset(
            BankTree.Files.ToHashSet(),
            new HashSet<string>
            {
                ".editorconfig",
                ".gitignore",
                "Directory.Build.props",
                "Directory.Build.rsp",
                "Directory.Build.targets",
                "Directory.Packages.props",
                "mint.yaml",
            }
        );

    [Fact]
    public void NothingInItPointsOutside() =>
        Assert.All(
            from file in BankTree.Files
            where Path.GetExtension(file) is ".csproj" or ".props" or ".targets"
            from line in Checkout.Lines("examples/bank/" + file)
            select line,
            line => Assert.DoesNotContain("../../", line, StringComparison.Ordinal)
        );

    [Fact]
    public void ItsManifestIsInOrder()
    {
        var manifest = ManifestFile.Parse(Checkout.Text("examples/bank/mint.yaml"), "mint.yaml");

        Assert.Equal("consumer-banking", manifest.Profile);
        Assert.Subset(BankTree.Files.ToHashSet(), manifest.Configuration.ToHashSet());
    }
}
