using System.Text;
using Mintmark.Build;
using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

/// <summary>Whoever can write in a repository can have git tell another history than the commits do.</summary>
public sealed class WhenARepositoryHidesItsHistory : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly TestRepository repository = new();

    public void Dispose() => repository.Dispose();

    [Theory]
    [InlineData("mkdir -p .git/info; echo {3} {1} > .git/info/grafts")]
    [InlineData("git replace --graft {3} {1}")]
    [InlineData("echo {3} > .git/shallow")]
    public async Task TheCommitsThemselvesSayWhatTheyCameOf(string trick)
    {
        var (first, second, third) = (repository.Commit("1"), repository.Commit("2"), repository.Commit("3"));
        repository.Shell(
            trick.Replace("{1}", first, StringComparison.Ordinal).Replace("{3}", third, StringComparison.Ordinal)
        );

        var facts = await ReadAsync(third, first);

        Assert.Equal(first, facts.Since);
        Assert.Equal([third, second], facts.Commits.Select(c => c.Commit));
        Assert.True(facts.IsWhole);
    }

    [Fact]
    public async Task NoBranchHoldsACommitByAGraft()
    {
        var first = repository.Commit("1");
        repository.Git("checkout", "--quiet", "-b", "side");
        var side = repository.Commit("2");
        repository.Shell($"mkdir -p .git/info; echo {first} {side} > .git/info/grafts");

        Assert.Equal(["side"], (await ReadAsync(side, first)).Branches);
    }

    [Fact]
    public async Task ACommitThatWasOverwrittenIsRefused()
    {
        var (first, second, third) = (repository.Commit("1"), repository.Commit("2"), repository.Commit("3"));
        repository.Overwrite(second, Another(second, "s/alice@/bob@/"));

        var wrong = await Assert.ThrowsAsync<GitException>(() => ReadAsync(third, first));

        Assert.StartsWith($"the commit {second} is not as committed", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheVersionThatServesCannotBeMadeToHaveComeOfIt()
    {
        var (first, second, third) = (repository.Commit("1"), repository.Commit("2"), repository.Commit("3"));
        repository.Overwrite(first, Another(first, $"s/^author/parent {second}\\nauthor/"));

        await Assert.ThrowsAsync<GitException>(() => ReadAsync(third, first));
    }

    [Fact]
    public async Task WhatSideBranchesBroughtIsListedAndNothingElse()
    {
        var tree = repository.Git("rev-parse", $"{repository.Commit("0")}^{{tree}}").Trim();
        string Of(string message, params string[] parents) =>
            repository.Git(["commit-tree", tree, "-m", message, .. parents.SelectMany(p => new[] { "-p", p })]).Trim();
        var old = Of("old");
        var side = Of("side", old);
        var late = Of("late", old);
        var serving = Of("serving", Of("b", Of("a", side)));
        var tip = Of("tip", Of("x", serving, side), Of("y", late));

        var facts = await ReadAsync(tip, serving);

        var listed = repository.Git("rev-list", tip, $"^{serving}").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(listed.Order(), facts.Commits.Select(c => c.Commit).Order());
        Assert.Equal(4, listed.Length);
        Assert.True(facts.IsWhole);
    }

    [Fact]
    public async Task WhereTheBranchWasRebasedNobodyCanTellWhoWroteIt()
    {
        repository.Commit("1");
        repository.Git("checkout", "--quiet", "-b", "other");
        var other = repository.Commit("other");
        repository.Git("checkout", "--quiet", "main");

        Assert.False((await ReadAsync(repository.Commit("2"), other)).IsWhole);
    }

    [Fact]
    public async Task AShallowCloneTellsAsFarAsItGoes()
    {
        string[] commits = [.. Enumerable.Range(0, 4).Select(i => repository.Commit($"{i}"))];
        repository.Shell("git clone --quiet --depth 2 \"file://$PWD\" clone");
        var clone = await GitRepository.OpenAsync(repository.In("clone"), Never);

        var unserved = await ReadAsync(clone, commits[3], null);
        var told = await ReadAsync(clone, commits[3], commits[1]);
        var cut = await ReadAsync(clone, commits[3], commits[0]);

        Assert.Equal((true, 1), (unserved.IsWhole, unserved.Commits.Count));
        Assert.Equal((true, 2), (told.IsWhole, told.Commits.Count));
        Assert.Equal((false, 1), (cut.IsWhole, cut.Commits.Count));
    }

    [Fact]
    public async Task OfMoreThanAThousandNobodyCanTellWhoWroteThem()
    {
        var first = repository.Commit("1");
        var stream = new StringBuilder();
        for (var i = 0; i <= SourceFacts.MostCommits; i++)
        {
            stream.Append("commit refs/heads/main\ncommitter A <alice@example.com> 1767323046 +0000\ndata 1\nx\n");
            stream.Append(i == 0 ? $"from {first}\n" : "");
        }
        await File.WriteAllTextAsync(repository.In(".git/stream"), stream.ToString(), Never);
        repository.Shell("git fast-import --quiet < .git/stream");

        var facts = await ReadAsync(repository.Head(), first);

        Assert.Equal((false, SourceFacts.MostCommits), (facts.IsWhole, facts.Commits.Count));
        Assert.True((await ReadAsync(repository.Git("rev-parse", "HEAD~1").Trim(), first)).IsWhole);
    }

    [Fact]
    public async Task AnAuthorWithoutAnAddressIsOneWhomNobodyKnows()
    {
        var nameless = Another(repository.Commit("1"), "s/^author .*>/author Eve <>/");

        Assert.Equal([""], (await ReadAsync(nameless, null)).Addresses());
    }

    private string Another(string commit, string script) =>
        repository
            .Shell($"git cat-file commit {commit} | sed '{script}' | git hash-object -t commit -w --stdin")
            .Trim();

    private async Task<SourceFacts> ReadAsync(string commit, string? since) =>
        await ReadAsync(await repository.OpenAsync(), commit, since);

    private static Task<SourceFacts> ReadAsync(GitRepository from, string commit, string? since) =>
        from.HistoryAsync(commit, since, allowedSigners: "", trustedKeys: "", Never);
}
