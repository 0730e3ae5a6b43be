using System.Text;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>Where a commit comes from: what it followed, on which branches it is, who vouches for it.</summary>
internal static class GitHistory
{
    private const string SshSignature = "gpgsig -----BEGIN SSH SIGNATURE-----";
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
        var bytes = await git.OutputAsync(["cat-file", "commit", commit], ct);
        var raw = Encoding.UTF8.GetString(bytes);
        var from = since is not null && since != commit && await IsAncestorAsync(git, since, commit, ct) ? since : null;
        return new SourceFacts(
            raw.Split("\n\n", 2)[0].Split('\n').Any(OpenPgp.IsSignature)
                ? await OpenPgp.CheckAsync(bytes, trustedKeys, ct)
                : await SignatureAsync(git, commit, raw, allowedSigners, ct),
            WhoOf(raw, "author ") == WhoOf(raw, "committer "),
            await BranchesAsync(git, commit, ct),
            from,
            await CommitsAsync(git, commit, from, ct),
            null
        );
    }

    private static async Task<bool> IsAncestorAsync(
        GitProgram git,
        string since,
        string commit,
        CancellationToken ct
    ) => (await git.RunAsync(["merge-base", "--is-ancestor", since, commit], ct)).Status == 0;

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

    private static async Task<IReadOnlyList<CommitText>> CommitsAsync(
        GitProgram git,
        string commit,
        string? from,
        CancellationToken ct
    )
    {
        var most = from is null ? 1 : SourceFacts.MostCommits;
        string[] range = from is null ? [commit] : [commit, $"^{from}"];
        string[] log =
        [
            "log",
            "-z",
            $"--max-count={most}",
            $"--format=%H{Unit}%ae{Unit}%B",
            "--end-of-options",
            .. range,
            "--",
        ];
        var said = Encoding.UTF8.GetString(await git.OutputAsync(log, ct));
        return
        [
            .. said.Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Select(one => one.TrimStart('\n').Split(Unit, 3))
                .Select(parts => new CommitText(parts[0], parts[2], parts[1])),
        ];
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

    /// <summary>Name and address, without the time.</summary>
    private static string WhoOf(string raw, string header)
    {
        var line = raw.Split('\n').FirstOrDefault(l => l.StartsWith(header, StringComparison.Ordinal)) ?? "";
        var end = line.LastIndexOf('>');
        return line[Math.Min(header.Length, line.Length)..Math.Max(end, Math.Min(header.Length, line.Length))];
    }
}
