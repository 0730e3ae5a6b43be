using Mintmark.Build;
using Xunit;

namespace Mintmark.Tests.Cli;

public sealed class WhenARepositoryIsInitialized
{
    [Fact]
    public async Task AManifestThatParsesIsWrittenAtItsTop()
    {
        using var mint = new Mint();
        mint.Git("init", "-q", "-b", "main");
        await File.WriteAllTextAsync(Path.Combine(mint.Folder, "package.json"), "{}");
        var said = await mint.RunAsync("init", "--profile", "valuation");
        Assert.Equal((0, ""), (said.Exit, said.Error));
        var text = await File.ReadAllTextAsync(Path.Combine(mint.Folder, "mint.yaml"));
        Assert.Equal("valuation", ManifestFile.Parse(text, "mint.yaml").Profile);
        Assert.Contains("mint ship", said.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AManifestThatIsThereStays()
    {
        using var mint = new Mint();
        mint.Git("init", "-q", "-b", "main");
        var path = Path.Combine(mint.Folder, "mint.yaml");
        await File.WriteAllTextAsync(path, "name: mine\n");
        var said = await mint.RunAsync("init");
        Assert.Equal(2, said.Exit);
        Assert.Equal("mint: FOLDER/mint.yaml is there already\n  remove it first to begin anew\n", said.Error);
        Assert.Equal("name: mine\n", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public async Task WithoutARepositoryItSaysSo()
    {
        using var mint = new Mint();
        var said = await mint.RunAsync("init");
        Assert.Equal(2, said.Exit);
        Assert.Equal("mint: FOLDER is not in a git repository\n  go to the service's repository\n", said.Error);
    }
}
