using System.Text;
using Mintmark.Build;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenARepositoryIsRead : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly TestRepository repository = new();

    public void Dispose() => repository.Dispose();

    [Fact]
    public async Task ACommitIsItsHashTreeAuthorAndSubject()
    {
        repository.Write("a.txt", "a");
        var commit = repository.Commit("bank: first\n\nbody");

        var source = await (await repository.OpenAsync()).ResolveAsync(null, Never);

        Assert.Equal(repository.Path, source.Repository);
        Assert.Equal(commit, source.Commit);
        Assert.Equal(repository.Git("rev-parse", "HEAD^{tree}").Trim(), source.Tree);
        Assert.Equal("Alice <alice@example.com>", source.Author);
        Assert.Equal("bank: first", source.Subject);
    }

    [Fact]
    public async Task ShortHashesBranchesTagsAndFoldersBelowTheTopDo()
    {
        repository.Write("deep/er/a.txt", "a");
        var commit = repository.Commit("one");
        repository.Git("tag", "--annotate", "v1", "--message", "v1");
        repository.Git("branch", "side");

        var opened = await GitRepository.OpenAsync(repository.In("deep/er"), Never);

        foreach (var name in (string[])[commit[..8], "main", "side", "v1", "HEAD"])
            Assert.Equal(commit, (await opened.ResolveAsync(name, Never)).Commit);
    }

    [Fact]
    public async Task TheTimeIsThatOfTheCommit()
    {
        var commit = repository.Commit("one");

        var at = await (await repository.OpenAsync()).CommittedAtAsync(commit, Never);

        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), at);
    }

    [Fact]
    public async Task AFileIsShownAsItWasAtTheCommit()
    {
        repository.Write("config/bank.json", "one");
        var first = repository.Commit("one");
        repository.Write("config/bank.json", "two");
        repository.Commit("two");
        var opened = await repository.OpenAsync();

        Assert.Equal("one", Encoding.UTF8.GetString((await opened.ShowAsync(first, "config/bank.json", 100, Never))!));
        Assert.True(await opened.ExistsAsync(first, "config/bank.json", Never));
        Assert.Equal(["config/bank.json"], (await opened.FilesAsync(first, Never)).Keys);
    }

    [Theory]
    [InlineData("config")]
    [InlineData("config/none.json")]
    [InlineData("config/*.json")]
    [InlineData("link.json")]
    public async Task FoldersLinksAndPatternsAreNoFiles(string path)
    {
        repository.Write("config/bank.json", "one");
        File.CreateSymbolicLink(repository.In("link.json"), "config/bank.json");
        var commit = repository.Commit("one");
        var opened = await repository.OpenAsync();

        Assert.Null(await opened.ShowAsync(commit, path, 100, Never));
        Assert.False(await opened.ExistsAsync(commit, path, Never));
    }

    [Fact]
    public async Task ALargeFileIsNotShown()
    {
        repository.Write("large", new string('x', 101));
        var commit = repository.Commit("one");

        var wrong = await Assert.ThrowsAsync<GitException>(async () =>
            await (await repository.OpenAsync()).ShowAsync(commit, "large", 100, Never)
        );

        Assert.Equal("large has 101 bytes; accepted: up to 100", wrong.Message);
    }

    [Fact]
    public async Task AnUntouchedTreeIsClean()
    {
        repository.Write(".gitignore", "bin/\n");
        repository.Commit("one");
        repository.Write("bin/a", "ignored");

        Assert.True((await (await repository.OpenAsync()).WorkTreeAsync(Never)).IsClean);
    }

    [Fact]
    public async Task ADirtyTreeIsListed()
    {
        foreach (var name in (string[])["changed", "staged", "deleted", "moved"])
            repository.Write(name, new string(name[0], 200));
        repository.Commit("one");
        repository.Write("changed", "other");
        repository.Write("staged", "other");
        repository.Git("add", "staged");
        File.Delete(repository.In("deleted"));
        repository.Git("mv", "moved", "moved away");
        repository.Write("new/ü.txt", "new");

        var tree = await (await repository.OpenAsync()).WorkTreeAsync(Never);

        Assert.Equal(["changed", "deleted", "moved away", "staged"], tree.Changed.Order());
        Assert.Equal(["new/ü.txt"], tree.Untracked);
        Assert.False(tree.IsClean);
    }

    [Fact]
    public async Task ABareRepositoryHasNothingToBeDirty()
    {
        repository.Write("a", "a");
        var commit = repository.Commit("one");
        repository.Git("clone", "--quiet", "--bare", ".", "bare.git");

        var bare = await GitRepository.OpenAsync(repository.In("bare.git"), Never);

        Assert.True(bare.IsBare);
        Assert.True((await bare.WorkTreeAsync(Never)).IsClean);
        Assert.Equal(commit, (await bare.ResolveAsync("main", Never)).Commit);
    }
}
