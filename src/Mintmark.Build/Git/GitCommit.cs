using System.Globalization;
using System.Text;

namespace Mintmark.Build;

/// <summary>A commit as its own bytes say it, and nothing else that a repository may say of it.</summary>
/// <param name="Bytes">They hash to its name.</param>
internal sealed record GitCommit(byte[] Bytes, string Text)
{
    private const int Largest = 4 << 20;

    private string[] Header { get; } = Text.Split("\n\n", 2)[0].Split('\n');

    public string Tree => Header[0]["tree ".Length..];

    public IEnumerable<string> Parents =>
        Header
            .Skip(1)
            .TakeWhile(line => line.StartsWith("parent ", StringComparison.Ordinal))
            .Select(line => line["parent ".Length..]);

    public string Message => Text.Split("\n\n", 2) is [_, var message] ? message : "";

    /// <summary>Of the author; empty where there is none.</summary>
    public string Address => Who("author ").Split('<', 2) is [_, var address] ? address : "";

    /// <summary>Whether the committer has the author's name and address.</summary>
    public bool CommitterIsAuthor => Who("author ") == Who("committer ");

    /// <summary>When it was made, in seconds since 1970 and by the clock of whoever made it.</summary>
    public long At =>
        long.TryParse(
            Line("committer ").Split("> ", 2) is [_, var when] ? when.Split(' ')[0] : "",
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var at
        )
            ? at
            : 0;

    /// <returns>Null where the repository does not have it.</returns>
    /// <exception cref="GitException">It is not what its name says.</exception>
    public static async Task<GitCommit?> FindAsync(GitObjects objects, string name, CancellationToken ct)
    {
        var what = $"the commit {name}";
        if (await objects.FindAsync("commit", name, what, Largest, ct) is not { } bytes)
            return null;
        var commit = new GitCommit(bytes, Encoding.UTF8.GetString(bytes));
        return commit.Header[0].StartsWith("tree ", StringComparison.Ordinal)
            ? commit
            : throw new GitException(GitProblem.CannotCheckOut, $"{what} is none that git makes");
    }

    /// <exception cref="GitException">It is not there, or not what its name says.</exception>
    public static async Task<GitCommit> ReadAsync(GitObjects objects, string name, CancellationToken ct) =>
        await FindAsync(objects, name, ct)
        ?? throw new GitException(GitProblem.UnknownCommit, $"the repository has lost the commit {name}");

    /// <summary>Name and address up to the address's end, without the time.</summary>
    private string Who(string header)
    {
        var line = Line(header);
        var (start, end) = (line.IndexOf('<', StringComparison.Ordinal), -1);
        if (start >= 0)
            end = line.IndexOf('>', start);
        return end < 0 ? "" : line[..end];
    }

    private string Line(string header) =>
        Header.FirstOrDefault(line => line.StartsWith(header, StringComparison.Ordinal)) is { } line
            ? line[header.Length..]
            : "";
}
