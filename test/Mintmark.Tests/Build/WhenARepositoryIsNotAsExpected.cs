using Mintmark.Build;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenARepositoryIsNotAsExpected : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly TestRepository repository = new();

    public void Dispose() => repository.Dispose();

    [Fact]
    public async Task AFolderOutsideOfAnyIsNone()
    {
        var folder = Directory.CreateTempSubdirectory("mintmark-none-");

        var wrong = await Assert.ThrowsAsync<GitException>(() => GitRepository.OpenAsync(folder.FullName, Never));

        Assert.Equal(GitProblem.NotARepository, wrong.Problem);
        Assert.Equal($"{folder.FullName} is not in a git repository", wrong.Message);
        folder.Delete();
    }

    [Fact]
    public async Task AMissingFolderIsNone()
    {
        var wrong = await Assert.ThrowsAsync<GitException>(() =>
            GitRepository.OpenAsync(repository.In("missing"), Never)
        );

        Assert.Equal(GitProblem.NotARepository, wrong.Problem);
    }

    [Fact]
    public async Task WithoutCommitsThereIsNothingToShip()
    {
        var wrong = await ResolveAsync(null);

        Assert.Equal(GitProblem.NoCommits, wrong.Problem);
        Assert.Equal($"the repository at {repository.Path} has no commits yet", wrong.Message);
    }

    [Fact]
    public async Task ABranchWithoutCommitsSaysSo()
    {
        repository.Commit("one");
        repository.Git("checkout", "--quiet", "--orphan", "fresh");

        Assert.Contains("the branch checked out", (await ResolveAsync(null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonesuch")]
    [InlineData("--all")]
    [InlineData("HEAD~7")]
    [InlineData("0123456789012345678901234567890123456789")]
    [InlineData("main:a")]
    [InlineData("")]
    [InlineData("a\nb")]
    public async Task AnUnknownNameIsNoCommit(string name)
    {
        repository.Write("a", "a");
        repository.Commit("one");

        Assert.Equal(GitProblem.UnknownCommit, (await ResolveAsync(name)).Problem);
    }

    [Fact]
    public async Task ANameOfTwoThingsIsAmbiguous()
    {
        repository.Commit("one");
        repository.Git("tag", "twice");
        repository.Commit("two");
        repository.Git("branch", "twice");

        Assert.Equal(GitProblem.AmbiguousCommit, (await ResolveAsync("twice")).Problem);
    }

    [Fact]
    public async Task AHashTooShortIsAmbiguousAndTheCandidatesAreNamed()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var commits = 0;
        string last;
        do last = repository.Commit($"commit {++commits}")[..4];
        while (seen.Add(last));

        var wrong = await ResolveAsync(last);

        Assert.Equal(GitProblem.AmbiguousCommit, wrong.Problem);
        Assert.Contains($"commit {commits}", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ItsOwnSettingsRunNothing()
    {
        repository.Write("a", "a");
        repository.Write(".gitattributes", "* filter=evil diff=evil\n");
        var commit = repository.Commit("one");
        var trap = repository.In(".git/sprung");
        foreach (var key in (string[])["core.fsmonitor", "core.pager", "filter.evil.smudge", "diff.evil.textconv"])
            repository.Git("config", key, $"touch {trap}");
        foreach (var hook in (string[])["post-checkout", "post-index-change", "reference-transaction"])
        {
            repository.Write($".git/hooks/{hook}", $"#!/bin/sh\ntouch {trap}\n");
            File.SetUnixFileMode(repository.In($".git/hooks/{hook}"), UnixFileMode.UserExecute | UnixFileMode.UserRead);
        }
        var opened = await repository.OpenAsync();

        await opened.ResolveAsync(null, Never);
        await opened.WorkTreeAsync(Never);
        await opened.ShowAsync(commit, "a", 100, Never);
        await opened.CheckOutAsync(commit, repository.In("out"), Never);

        Assert.False(File.Exists(trap));
    }

    private async Task<GitException> ResolveAsync(string? name)
    {
        var opened = await repository.OpenAsync();
        return await Assert.ThrowsAsync<GitException>(() => opened.ResolveAsync(name, Never));
    }
}
