using Mintmark.Build;
using Mintmark.Yaml;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenACommitHasAManifest : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly TestRepository repository = new();

    public void Dispose() => repository.Dispose();

    [Fact]
    public async Task TheOneOfTheCommitCountsAndSoDoItsFiles()
    {
        repository.Write("mint.yaml", ManifestText.Good);
        repository.Write("config/bank.json", "{}");
        repository.Write("limits.txt", "1");
        repository.Commit("one");
        repository.Write("mint.yaml", "name: other");
        File.Delete(repository.In("limits.txt"));

        var opened = await repository.OpenAsync();
        var manifest = await ManifestFile.ReadAsync(opened, repository.Head(), Never);

        Assert.Equal("bank", manifest.Name.Value);
    }

    [Fact]
    public async Task AFileThatIsALinkOrNotCommittedIsMissing()
    {
        repository.Write("mint.yaml", ManifestText.Good);
        repository.Write("config/other.json", "{}");
        File.CreateSymbolicLink(repository.In("config/bank.json"), "other.json");
        repository.Commit("one");
        repository.Write("limits.txt", "1");

        Assert.Equal(["configuration[0]", "configuration[1]"], (await ProblemsAsync()).Select(p => p.Key));
    }

    [Fact]
    public async Task WithoutOneThereIsNothingToShip()
    {
        repository.Write("deep/mint.yaml", ManifestText.Good);
        repository.Commit("one");

        Assert.Equal(
            $"mint.yaml: commit {repository.Head()[..12]} has none at its top: "
                + "write one with 'mint init' and commit it",
            Assert.Single(await ProblemsAsync()).ToString()
        );
    }

    [Fact]
    public async Task OneThatIsTooLargeOrNoTextIsRefused()
    {
        repository.Write("mint.yaml", new string('#', ManifestFile.LargestBytes + 1));
        repository.Commit("one");
        Assert.Equal("larger than 65536 bytes", Assert.Single(await ProblemsAsync()).Message);

        await File.WriteAllBytesAsync(repository.In("mint.yaml"), [0x6e, 0xff, 0xfe]);
        repository.Commit("two");
        Assert.Equal("not UTF-8", Assert.Single(await ProblemsAsync()).Message);
    }

    private async Task<IReadOnlyList<DeclaredProblem>> ProblemsAsync()
    {
        var opened = await repository.OpenAsync();
        var wrong = await Assert.ThrowsAsync<ManifestException>(() =>
            ManifestFile.ReadAsync(opened, repository.Head(), Never)
        );
        return wrong.Problems;
    }
}
