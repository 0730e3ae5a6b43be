using Mintmark.Build;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenACommitIsCheckedOut : IDisposable
{
    private static readonly CancellationToken Never = CancellationToken.None;

    private readonly TestRepository repository = new();

    private string Out => repository.In("../" + Path.GetFileName(repository.Path) + "-out");

    public void Dispose()
    {
        if (Directory.Exists(Out))
            Directory.Delete(Out, recursive: true);
        repository.Dispose();
    }

    [Fact]
    public async Task TheFilesAreThoseOfTheCommitByteForByte()
    {
        repository.Write(".gitattributes", "*.txt text eol=crlf ident\nsecret export-ignore\n");
        repository.Write("a.txt", "line\n$Id$\n");
        repository.Write("secret", "kept");
        repository.Write("deep/run.sh", "#!/bin/sh\n");
        File.SetUnixFileMode(repository.In("deep/run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(repository.In("link"), "deep/run.sh");
        var commit = repository.Commit("one");
        repository.Write("a.txt", "dirty");
        repository.Write("untracked", "no");

        await CheckOutAsync(commit);

        Assert.Equal("line\n$Id$\n", await File.ReadAllTextAsync(Path.Combine(Out, "a.txt"), Never));
        Assert.Equal("kept", await File.ReadAllTextAsync(Path.Combine(Out, "secret"), Never));
        Assert.True(File.GetUnixFileMode(Path.Combine(Out, "deep/run.sh")).HasFlag(UnixFileMode.UserExecute));
        Assert.False(File.GetUnixFileMode(Path.Combine(Out, "a.txt")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal("deep/run.sh", new FileInfo(Path.Combine(Out, "link")).LinkTarget);
        Assert.Equal(5, Directory.GetFiles(Out, "*", SearchOption.AllDirectories).Length);
    }

    [Theory]
    [InlineData("HEAD:deep/a.txt", "HEAD:b.txt", "deep/a.txt")]
    [InlineData("HEAD:deep", "HEAD^{tree}", "the folder deep/")]
    [InlineData("HEAD^{tree}", "HEAD:deep", "the top folder")]
    [InlineData("HEAD", "HEAD~1", "the commit ")]
    public async Task WhatWasPutInThePlaceOfAnotherContentIsRefused(string place, string other, string what)
    {
        repository.Commit("zero");
        repository.Write("deep/a.txt", "read and good");
        repository.Write("b.txt", "evil");
        var commit = repository.Commit("one");
        var name = repository.Git("rev-parse", place).Trim();
        repository.Overwrite(name, repository.Git("rev-parse", other).Trim());

        var wrong = await Assert.ThrowsAsync<GitException>(() => CheckOutAsync(commit));

        Assert.StartsWith(what, wrong.Message, StringComparison.Ordinal);
        Assert.Contains($"is not as committed: {name} ", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALostContentIsNamed()
    {
        repository.Write("a.txt", "a");
        var commit = repository.Commit("one");
        var name = repository.Git("rev-parse", "HEAD:a.txt").Trim();
        File.Delete(repository.In($".git/objects/{name[..2]}/{name[2..]}"));

        var wrong = await Assert.ThrowsAsync<GitException>(() => CheckOutAsync(commit));

        Assert.Equal($"the repository has lost a.txt ({name})", wrong.Message);
    }

    [Fact]
    public async Task ARepositoryWithNamesOfSha256IsCheckedOutAlike()
    {
        repository.Shell(
            "git init --quiet --object-format=sha256 longer; cd longer; mkdir deep; printf one > deep/a.txt; "
                + "git add --all; git commit --quiet --message one"
        );
        var longer = await GitRepository.OpenAsync(repository.In("longer"), Never);
        var commit = await longer.ResolveAsync(null, Never);

        await longer.CheckOutAsync(commit.Commit, Out, Never);

        Assert.Equal((64, 64), (commit.Commit.Length, commit.Tree.Length));
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(Out, "deep/a.txt"), Never));
    }

    [Fact]
    public async Task ACommitWithoutFilesIsAnEmptyFolder()
    {
        await CheckOutAsync(repository.Commit("one"));

        Assert.Empty(Directory.GetFileSystemEntries(Out));
    }

    [Fact]
    public async Task ASubmoduleIsRefused()
    {
        repository.Commit("one");
        repository.Git("update-index", "--add", "--cacheinfo", $"160000,{repository.Head()},vendored");
        repository.Git("commit", "--quiet", "--message", "submodule");

        var wrong = await Assert.ThrowsAsync<GitException>(() => CheckOutAsync(repository.Head()));

        Assert.Equal("vendored is a submodule: what it holds is not part of the commit", wrong.Message);
    }

    [Theory]
    [InlineData("100644")]
    [InlineData("120000")]
    public async Task NothingCanGoThroughALinkOutOfTheFolder(string mode)
    {
        var outside = Directory.CreateTempSubdirectory("mintmark-outside-");
        repository.Write("content", "evil");
        repository.Write("target", outside.FullName);
        var evil = repository.Git("hash-object", "-w", "content").Trim();
        var target = repository.Git("hash-object", "-w", "target").Trim();
        var inner = MakeTree($"{mode} blob {evil}\tfile");
        var tree = MakeTree($"040000 tree {inner}\tfolder\n120000 blob {target}\tfolder");
        var commit = repository.Git("commit-tree", tree, "-m", "evil").Trim();

        var wrong = await Assert.ThrowsAsync<GitException>(() => CheckOutAsync(commit));
        Assert.Equal("folder/file lies below folder, which is no folder", wrong.Message);

        Assert.Empty(outside.GetFileSystemInfos());
        outside.Delete();
    }

    [Fact]
    public async Task APathThatLeadsOutIsRefused()
    {
        repository.Write("content", "evil");
        var evil = repository.Git("hash-object", "-w", "content").Trim();
        var tree = MakeTree($"040000 tree {MakeTree($"100644 blob {evil}\tfile")}\t..");
        var commit = repository.Git("commit-tree", tree, "-m", "evil").Trim();

        var wrong = await Assert.ThrowsAsync<GitException>(() => CheckOutAsync(commit));

        Assert.Equal("the path ../file leads out of the tree or into .git", wrong.Message);
    }

    private async Task CheckOutAsync(string commit) =>
        await (await repository.OpenAsync()).CheckOutAsync(commit, Out, Never);

    private string MakeTree(string entries)
    {
        repository.Write(".git/entries", entries + "\n");
        return repository.Shell("git mktree < .git/entries").Trim();
    }
}
