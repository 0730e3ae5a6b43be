using Mintmark.Releases;
using Xunit;

namespace Mintmark.Tests.Build;

public sealed class WhenACommitHasAHistory : IDisposable
{
    private readonly TestRepository repository = new();
    private readonly string keys = Directory.CreateTempSubdirectory("mintmark-keys-").FullName;

    private string Signers => Path.Combine(keys, "allowed-signers");

    private string TrustedKeys => Path.Combine(keys, "trusted-keys");

    public void Dispose()
    {
        if (Directory.Exists(GnuPgHome))
            repository.Shell($"GNUPGHOME='{GnuPgHome}' gpgconf --kill all");
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

    [Theory]
    [InlineData("--armor")]
    [InlineData("--no-armor")]
    public async Task AnOpenPgpSignatureIsGoodWhereTheHomeTrustsTheKey(string form)
    {
        var commit = SignedWithOpenPgp();
        Assert.Equal(new(SignatureState.Unchecked, null), (await ReadAsync(commit, null)).Signature);

        Gpg($"{form} --export alice > '{TrustedKeys}'");
        var signature = (await ReadAsync(commit, null)).Signature;

        Assert.Equal(SignatureState.Good, signature.State);
        Assert.Matches("^[0-9A-F]{40}$", signature.Key);
    }

    [Fact]
    public async Task AnOpenPgpSignatureByAnotherKeyIsNotTrustedAndAChangedCommitIsBad()
    {
        var commit = SignedWithOpenPgp();
        Gpg("--quick-generate-key --passphrase '' 'bob <bob@example.com>' ed25519 sign never");
        Gpg($"--armor --export bob > '{TrustedKeys}'");
        Assert.Equal(SignatureState.Unchecked, (await ReadAsync(commit, null)).Signature.State);

        Gpg($"--armor --export alice > '{TrustedKeys}'");
        repository.Shell(
            $"git cat-file commit {commit} | sed s/^signed/forged/ > forged; git hash-object -t commit -w forged > id"
        );
        var forged = (await File.ReadAllTextAsync(Path.Combine(repository.Path, "id"))).Trim();
        Assert.Equal(SignatureState.Bad, (await ReadAsync(forged, null)).Signature.State);
    }

    [Fact]
    public async Task TheSignatureOfATagThatItMergesIsNotItsOwn()
    {
        var first = repository.Commit("one");
        repository.Write(
            "tag",
            $"""
            mergetag object {first}
             type commit
             tag v1
             tagger Bob <bob@example.com> 1 +0000
             
             a release
             -----BEGIN PGP SIGNATURE-----
             
             aaaa
             -----END PGP SIGNATURE-----

            """
        );
        repository.Shell($"git cat-file commit {first} | sed '/^committer /r tag' > merge");
        var merge = repository.Shell("git hash-object -t commit -w merge").Trim();

        Assert.Equal(CommitSignature.None, (await ReadAsync(merge, null)).Signature);
    }

    private string SignedWithOpenPgp()
    {
        Directory.CreateDirectory(GnuPgHome, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Gpg("--quick-generate-key --passphrase '' 'alice <alice@example.com>' ed25519 sign never");
        repository.Shell(
            $"GNUPGHOME='{GnuPgHome}' git -c gpg.format=openpgp -c gpg.program=gpg -c user.signingKey=alice "
                + "commit --quiet --allow-empty --gpg-sign --message signed"
        );
        return repository.Head();
    }

    private string GnuPgHome => Path.Combine(keys, "gnupg");

    private void Gpg(string arguments) =>
        repository.Shell($"GNUPGHOME='{GnuPgHome}' gpg --batch --quiet --no-tty --pinentry-mode loopback {arguments}");

    private async Task<SourceFacts> ReadAsync(string commit, string? since) =>
        await (await repository.OpenAsync()).HistoryAsync(
            commit,
            since,
            Signers,
            TrustedKeys,
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
