using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenACommitHasAHistory : IDisposable
{
    private readonly TestRepository repository = new();
    private readonly string keys = Directory.CreateTempSubdirectory("mintmark-keys-").FullName;

    private string Signers => Path.Combine(keys, "allowed-signers");

    public void Dispose()
    {
        repository.Dispose();
        Directory.Delete(keys, recursive: true);
    }

    [Fact]
    public async Task ItIsWhatCameAfterTheVersionThatServes()
    {
        var first = repository.Commit("one");
        var second = repository.Commit("two\n\nRefs: PAY-2");
        var third = repository.Commit("three");

        var facts = await ReadAsync(third, first);

        Assert.Equal(first, facts.Since);
        Assert.Equal([third, second], facts.Commits.Select(c => c.Commit));
        Assert.Equal("two\n\nRefs: PAY-2", facts.Commits[1].Message.Trim());
        Assert.Equal(["main"], facts.Branches);
        Assert.True(facts.CommitterIsAuthor);
        Assert.Equal(CommitSignature.None, facts.Signature);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0123456789012345678901234567890123456789")]
    public async Task WithoutSuchAVersionItIsTheCommitAlone(string? since)
    {
        repository.Commit("one");
        var second = repository.Commit("two");

        var facts = await ReadAsync(second, since);

        Assert.Null(facts.Since);
        Assert.Equal([second], facts.Commits.Select(c => c.Commit));
    }

    [Fact]
    public async Task AVersionOfAnotherBranchIsNotWhereItCameFrom()
    {
        repository.Commit("one");
        repository.Git("checkout", "--quiet", "-b", "other");
        var other = repository.Commit("other");
        repository.Git("checkout", "--quiet", "main");

        Assert.Null((await ReadAsync(repository.Commit("two"), other)).Since);
    }

    [Fact]
    public async Task AnotherCommitterIsNoticed()
    {
        repository.Git("commit", "--quiet", "--allow-empty", "--message", "a", "--author", "Bob <bob@example.com>");

        Assert.False((await ReadAsync(repository.Head(), null)).CommitterIsAuthor);
    }

    [Fact]
    public async Task ASignatureIsGoodIfThisHomeTrustsTheKey()
    {
        var commit = Signed();
        Assert.Equal(new CommitSignature(SignatureState.Unchecked, null), (await ReadAsync(commit, null)).Signature);

        await File.WriteAllTextAsync(Signers, $"alice@example.com {await PublicKeyAsync("key")}");
        var good = (await ReadAsync(commit, null)).Signature;
        Assert.Equal(SignatureState.Good, good.State);
        Assert.StartsWith("SHA256:", good.Key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASignatureByAnotherKeyIsNotTrusted()
    {
        var commit = Signed();
        Generate("another");
        await File.WriteAllTextAsync(Signers, $"bob@example.com {await PublicKeyAsync("another")}");

        Assert.Equal(SignatureState.Untrusted, (await ReadAsync(commit, null)).Signature.State);
    }

    [Fact]
    public async Task ASignatureThatWasTakenFromAnotherCommitIsBad()
    {
        var commit = Signed();
        await File.WriteAllTextAsync(Signers, $"alice@example.com {await PublicKeyAsync("key")}");
        var forged = repository
            .Shell($"git cat-file commit {commit} | sed 's/^signed$/forged/' | git hash-object -t commit -w --stdin")
            .Trim();

        Assert.Equal(SignatureState.Bad, (await ReadAsync(forged, null)).Signature.State);
    }

    [Fact]
    public async Task TheRepositoryCannotNameTheProgramThatChecks()
    {
        var commit = Signed();
        await File.WriteAllTextAsync(Signers, $"alice@example.com {await PublicKeyAsync("key")}");
        var ran = Path.Combine(keys, "ran");
        repository.Write("check.sh", $"#!/bin/sh\ntouch {ran}\n");
        repository.Shell("chmod +x check.sh; git config gpg.ssh.program \"$PWD/check.sh\"");
        repository.Shell("git config gpg.program \"$PWD/check.sh\"");

        Assert.Equal(SignatureState.Good, (await ReadAsync(commit, null)).Signature.State);
        Assert.False(File.Exists(ran));
    }

    private async Task<SourceFacts> ReadAsync(string commit, string? since) =>
        await (await repository.OpenAsync()).HistoryAsync(
            commit,
            since,
            Signers,
            TestContext.Current.CancellationToken
        );

    private string Signed()
    {
        Generate("key");
        repository.Git(
            "-c",
            "gpg.format=ssh",
            "-c",
            $"user.signingKey={Path.Combine(keys, "key")}",
            "commit",
            "--quiet",
            "--allow-empty",
            "--gpg-sign",
            "--message",
            "signed"
        );
        return repository.Head();
    }

    private void Generate(string name) =>
        repository.Shell($"ssh-keygen -q -t ed25519 -N '' -C '' -f '{Path.Combine(keys, name)}'");

    private Task<string> PublicKeyAsync(string name) => File.ReadAllTextAsync(Path.Combine(keys, $"{name}.pub"));
}
