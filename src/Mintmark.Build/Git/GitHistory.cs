using System.Text;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>Where a commit comes from: what it followed, on which branches it is, who vouches for it.</summary>
internal static class GitHistory
{
    private const string SshSignature = "gpgsig -----BEGIN SSH SIGNATURE-----";
    private const int MostBytes = 64 << 20;
    private const char Unit = '\u001f';

    /// <param name="since">A commit that this one may have come of.</param>
    /// <param name="allowedSigners">File of ssh-keygen(1) with the keys that are trusted; it may be missing.</param>
    /// <param name="trustedKeys">File of OpenPGP keys that are trusted; it may be missing.</param>
    public static async Task<SourceFacts> ReadAsync(
        GitProgram git,
        string commit,
        string? since,
        string allowedSigners,
        string trustedKeys,
        CancellationToken ct
    )
    {
        await using var objects = new GitObjects(git);
        var tip = await GitCommit.ReadAsync(objects, commit, ct);
        var newer =
            since is null || since == commit
                ? new NewerCommits(Follows: false, [commit], IsWhole: true)
                : await GitWalk.SinceAsync(objects, commit, since, ct);
        return new SourceFacts(
            tip.Text.Split("\n\n", 2)[0].Split('\n').Any(OpenPgp.IsSignature)
                ? await OpenPgp.CheckAsync(tip.Bytes, trustedKeys, ct)
                : await SignatureAsync(git, commit, tip.Text, allowedSigners, ct),
            tip.CommitterIsAuthor,
            await BranchesAsync(git, commit, ct),
            newer.Follows ? since : null,
            await TextsAsync(objects, newer.Names.Take(SourceFacts.MostCommits), ct),
            null
        )
        {
            IsWhole = newer.IsWhole && newer.Names.Count <= SourceFacts.MostCommits,
        };
    }

    private static async Task<IReadOnlyList<string>> BranchesAsync(GitProgram git, string commit, CancellationToken ct)
    {
        string[] list =
        [
            "for-each-ref",
            $"--count={SourceFacts.MostBranches}",
            $"--contains={commit}",
            "--format=%(refname:short)",
            "refs/heads/",
        ];
        var said = Encoding.UTF8.GetString(await git.OutputAsync(list, ct));
        return said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<IReadOnlyList<CommitText>> TextsAsync(
        GitObjects objects,
        IEnumerable<string> names,
        CancellationToken ct
    )
    {
        var (texts, length) = (new List<CommitText>(), 0L);
        foreach (var name in names)
        {
            var commit = await GitCommit.ReadAsync(objects, name, ct);
            length += commit.Bytes.Length;
            if (length > MostBytes)
                throw new GitException(GitProblem.TooLarge, $"the newest commits have more than {MostBytes} bytes");
            texts.Add(new CommitText(name, commit.Message, commit.Address));
        }
        return texts;
    }

    private static async Task<CommitSignature> SignatureAsync(
        GitProgram git,
        string commit,
        string raw,
        string allowedSigners,
        CancellationToken ct
    )
    {
        var head = raw.Split("\n\n", 2)[0].Split('\n');
        if (!head.Any(line => line.StartsWith("gpgsig", StringComparison.Ordinal)))
            return CommitSignature.None;
        if (!head.Contains(SshSignature) || !File.Exists(allowedSigners))
            return new CommitSignature(SignatureState.Unchecked, null);
        string[] show =
        [
            "-c",
            $"gpg.ssh.allowedSignersFile={allowedSigners}",
            "log",
            "-1",
            $"--format=%G?{Unit}%GF",
            "--end-of-options",
            commit,
            "--",
        ];
        var parts = Encoding.UTF8.GetString(await git.OutputAsync(show, ct)).TrimEnd('\n').Split(Unit, 2);
        var state = parts[0] switch
        {
            "G" => SignatureState.Good,
            "U" => SignatureState.Untrusted,
            "B" => SignatureState.Bad,
            _ => SignatureState.Unchecked,
        };
        return new CommitSignature(state, parts[1].Length > 0 ? parts[1] : null);
    }
}
