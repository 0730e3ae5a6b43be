using Mintmark.Build;
using Mintmark.Tests.House;
using Xunit;

namespace Mintmark.Tests.Examples;

public sealed class WhenAnExampleIsTakenAway
{
    [Theory]
    [InlineData("bank", "Directory.Build.props,Directory.Build.rsp,Directory.Build.targets,Directory.Packages.props")]
    [InlineData("orderdesk", "package.json,package-lock.json")]
    [InlineData("pricer", "main.py")]
    public void ItBringsWhatItWouldOtherwiseInherit(string example, string files) =>
        Assert.Subset(
            ExampleTree.FilesOf(example).ToHashSet(),
            files.Split(',').Concat([".editorconfig", ".gitignore", "README.md", "mint.yaml"]).ToHashSet()
        );

    [Fact]
    public void NothingInTheBankPointsOutside() =>
        Assert.All(
            from file in ExampleTree.FilesOf("bank")
            where Path.GetExtension(file) is ".csproj" or ".props" or ".targets"
            from line in Checkout.Lines("examples/bank/" + file)
            select line,
            line => Assert.DoesNotContain("../../", line, StringComparison.Ordinal)
        );

    [Theory]
    [InlineData("bank", "consumer-banking")]
    [InlineData("orderdesk", "human-trading")]
    [InlineData("pricer", "valuation")]
    public void ItsManifestIsInOrder(string example, string profile)
    {
        var manifest = ManifestFile.Parse(Checkout.Text($"examples/{example}/mint.yaml"), "mint.yaml");

        Assert.Equal((example, profile), ($"{manifest.Name}", manifest.Profile));
        Assert.Subset(ExampleTree.FilesOf(example).ToHashSet(), manifest.Configuration.ToHashSet());
    }

    [Fact]
    public void TheMainReadMeLeadsToEach() =>
        Assert.All(
            ExampleTree.Names,
            example => Assert.Contains($"](examples/{example}/README.md)", Checkout.Text("README.md"), default)
        );
}
