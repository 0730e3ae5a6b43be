using System.Globalization;
using System.Text;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>A git repository on this machine, read through the <c>git</c> program; nothing here changes it.</summary>
public sealed class GitRepository
{
    private const int LongestRevision = 200;
    private const int LongestText = 200;

    private readonly GitProgram git;

    private GitRepository(string folder, bool bare)
    {
        Folder = folder;
        IsBare = bare;
        git = new GitProgram(folder);
    }

    /// <summary>Top of the working tree, or the repository itself where it is bare.</summary>
    public string Folder { get; }

    public bool IsBare { get; }

    /// <param name="folder">The repository or a folder in it.</param>
    /// <exception cref="GitException">It is no repository, or one that belongs to somebody else.</exception>
    public static async Task<GitRepository> OpenAsync(string folder, CancellationToken ct)
    {
        if (folder.Length == 0 || folder.Contains('\0', StringComparison.Ordinal))
            throw new GitException(GitProblem.NotARepository, "a repository is named by the path of its folder");
        var full = Path.GetFullPath(folder);
        var program = new GitProgram(full);
        var answer = await program.RunAsync(["rev-parse", "--is-bare-repository", "--absolute-git-dir"], ct);
        if (answer.Errors.Contains("dubious ownership", StringComparison.Ordinal))
        {
            throw new GitException(
                GitProblem.NotOurs,
                $"the repository at {full} belongs to another user, whose settings git would run: ship as that user"
            );
        }
        if (answer.Status != 0)
            throw new GitException(GitProblem.NotARepository, $"{full} is not in a git repository");
        var lines = answer.Text.Split('\n');
        if (lines[0] == "true")
            return new GitRepository(lines[1], bare: true);
        var top = await program.OutputAsync(["rev-parse", "--show-toplevel"], ct);
        return new GitRepository(Encoding.UTF8.GetString(top).TrimEnd('\n'), bare: false);
    }

    /// <param name="revision">A hash, branch or tag; null for what is checked out.</param>
    /// <exception cref="GitException">There is none, or several.</exception>
    public async Task<Source> ResolveAsync(string? revision, CancellationToken ct)
    {
        var name = revision ?? "HEAD";
        if (name.Length is 0 or > LongestRevision || name.Any(char.IsControl))
            throw new GitException(GitProblem.UnknownCommit, "a commit is a hash, a branch or a tag");
        string[] verify = ["rev-parse", "--verify", "--end-of-options", $"{name}^{{commit}}"];
        var answer = await git.RunAsync(verify, ct);
        if (answer.Errors.Contains("is ambiguous", StringComparison.Ordinal))
            throw new GitException(GitProblem.AmbiguousCommit, $"'{name}' is ambiguous: {Candidates(answer.Errors)}");
        if (answer.Status != 0)
            throw await UnknownAsync(revision, ct);
        return await DescribeAsync(answer.Text.Trim(), ct);
    }

    /// <summary>When the commit was made.</summary>
    public async Task<DateTimeOffset> CommittedAtAsync(string commit, CancellationToken ct)
    {
        var seconds = await ShowFormatAsync(commit, "%ct", ct);
        return DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));
    }

    /// <summary>Paths in which the working tree differs from the commit that is checked out.</summary>
    public async Task<WorkTree> WorkTreeAsync(CancellationToken ct)
    {
        if (IsBare)
            return new WorkTree([], []);
        string[] status = ["status", "--porcelain=v1", "-z", "--untracked-files=all", "--ignore-submodules=dirty"];
        return WorkTree.Parse(Encoding.UTF8.GetString(await git.OutputAsync(status, ct)));
    }

    /// <summary>The files of a commit by path, with folders left out.</summary>
    /// <exception cref="GitException">A tree of it is not what its name says.</exception>
    public async Task<IReadOnlyDictionary<string, GitFile>> FilesAsync(string commit, CancellationToken ct)
    {
        await using var objects = new GitObjects(git);
        return await GitTree.FilesAsync(objects, commit, ct);
    }

    /// <summary>The content of a file at a commit, or null where there is no such file.</summary>
    /// <exception cref="GitException">It is larger than <paramref name="most"/> bytes, or not as committed.</exception>
    public async Task<byte[]?> ShowAsync(string commit, string path, long most, CancellationToken ct)
    {
        await using var objects = new GitObjects(git);
        return await GitTree.FindAsync(objects, commit, path, ct) is { } file
            ? await objects.ReadAsync("blob", file.Object, path, most, ct)
            : null;
    }

    public async Task<bool> ExistsAsync(string commit, string path, CancellationToken ct)
    {
        await using var objects = new GitObjects(git);
        return await GitTree.FindAsync(objects, commit, path, ct) is not null;
    }

    /// <summary>
    /// Writes the files of a commit, byte for byte as they were committed, into a new folder: no filter, no hook and no
    /// attribute of the repository has a say, and no content that somebody has put in the place of another.
    /// </summary>
    /// <exception cref="GitException">The commit holds what cannot be checked out, such as a submodule, or something is
    /// not as committed.</exception>
    public async Task CheckOutAsync(string commit, string folder, CancellationToken ct)
    {
        await using var objects = new GitObjects(git);
        await GitCheckout.WriteAsync(objects, await GitTree.FilesAsync(objects, commit, ct), folder, ct);
    }

    /// <summary>Where a commit comes from; see <see cref="GitHistory"/>.</summary>
    public Task<SourceFacts> HistoryAsync(
        string commit,
        string? since,
        string allowedSigners,
        string trustedKeys,
        CancellationToken ct
    ) => GitHistory.ReadAsync(git, commit, since, allowedSigners, trustedKeys, ct);

    /// <summary>
    /// Of these files, those that are not as at another commit; all where there is none, or it cannot be read.
    /// </summary>
    public async Task<IReadOnlyList<string>> ChangedAsync(
        string? since,
        string commit,
        IReadOnlyList<string> paths,
        CancellationToken ct
    )
    {
        if (since is null)
            return paths;
        try
        {
            await using var objects = new GitObjects(git);
            var before = await GitTree.FilesAsync(objects, since, ct);
            var now = await GitTree.FilesAsync(objects, commit, ct);
            return [.. paths.Where(path => before.GetValueOrDefault(path) != now.GetValueOrDefault(path))];
        }
        catch (GitException)
        {
            return paths;
        }
    }

    /// <summary>The newest commits, as git keeps them: headers, an empty line, the message.</summary>
    public async Task<IReadOnlyList<string>> NewestAsync(int most, CancellationToken ct)
    {
        string[] log = ["log", "-z", $"--max-count={most}", "--no-show-signature", "--pretty=raw", "HEAD", "--"];
        var text = Encoding.UTF8.GetString(await git.OutputAsync(log, ct));
        return text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    private async Task<Source> DescribeAsync(string commit, CancellationToken ct)
    {
        await using var objects = new GitObjects(git);
        var tree = (await GitCommit.ReadAsync(objects, commit, ct)).Tree;
        var parts = (await ShowFormatAsync(commit, "%an <%ae>%x00%s", ct)).Split('\0');
        return new Source(Folder, commit, tree, Clean(parts[0]), Clean(parts[1]));
    }

    private async Task<string> ShowFormatAsync(string commit, string format, CancellationToken ct)
    {
        string[] show = ["log", "-1", "--no-show-signature", $"--format={format}", "--end-of-options", commit, "--"];
        return Encoding.UTF8.GetString(await git.OutputAsync(show, ct)).TrimEnd('\n');
    }

    private async Task<GitException> UnknownAsync(string? revision, CancellationToken ct)
    {
        var any = await git.OutputAsync(["rev-list", "--all", "--max-count=1"], ct);
        if (any.Length == 0)
            return new GitException(GitProblem.NoCommits, $"the repository at {Folder} has no commits yet");
        return revision is null
            ? new GitException(GitProblem.NoCommits, $"the branch checked out in {Folder} has no commits yet")
            : new GitException(GitProblem.UnknownCommit, $"there is no commit '{revision}' in {Folder}");
    }

    private static string Candidates(string errors)
    {
        var commits = errors
            .Split('\n')
            .Select(line => line.Trim())
            .Where(line => line.StartsWith("hint:   ", StringComparison.Ordinal))
            .Select(line => line["hint:   ".Length..].Trim())
            .Take(5)
            .ToList();
        return commits.Count > 0 ? string.Join("; ", commits) : "give the full hash";
    }

    private static string Clean(string text)
    {
        var oneLine = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return oneLine.Length <= LongestText ? oneLine : oneLine[..(LongestText - 1)] + "…";
    }
}
