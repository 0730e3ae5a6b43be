using System.Text.Json.Serialization;

namespace Mintmark.Releases;

/// <summary>
/// What a commit's repository says of it. Messages may name people: they go into no entry and no file.
/// </summary>
/// <param name="Branches">Local branches that hold the commit, at most <see cref="MostBranches"/>.</param>
/// <param name="Since">The commit that serves now, if this one came of it; else null.</param>
/// <param name="Commits">What came after <see cref="Since"/>, newest first, at most <see cref="MostCommits"/>; without
/// it, this commit alone.</param>
/// <param name="RequirementsFile">As committed; null where the manifest names none.</param>
/// <param name="ChangedConfiguration">mint.yaml and files of its configuration that are not as in the version that
/// serves; all of them where none does. Null where nobody looked.</param>
/// <param name="CasesFile">As committed, as well: which test case verifies what.</param>
public sealed record SourceFacts(
    CommitSignature Signature,
    bool CommitterIsAuthor,
    IReadOnlyList<string> Branches,
    string? Since,
    IReadOnlyList<CommitText> Commits,
    byte[]? RequirementsFile,
    IReadOnlyList<string>? ChangedConfiguration = null,
    byte[]? CasesFile = null
)
{
    public const int MostBranches = 20;
    public const int MostCommits = 1_000;

    /// <summary>What makes it possible to tell who wrote a commit.</summary>
    public const string ToTellAuthors =
        "bring its branch onto the commit that serves (git rebase or git merge), with the history since then in the "
        + "repository (git fetch --unshallow) and at most 1,000 commits and 100 authors in it";

    /// <summary>
    /// Whether <see cref="Commits"/> are all that came after the version that serves. Where they are not, nobody
    /// can tell who wrote it.
    /// </summary>
    public bool IsWhole { get; init; } = true;

    private const string CoAuthor = "co-authored-by:";

    /// <summary>
    /// Of all who wrote these commits, in lower case: authors and, by their trailers, co-authors. An author without an
    /// address is one whom nobody knows.
    /// </summary>
    public IEnumerable<string> Addresses() =>
        Commits
            .SelectMany(c => CoAuthors(c.Message).Prepend(c.Address))
            .Select(address => address.Trim().ToLowerInvariant())
            .Distinct();

    private static IEnumerable<string> CoAuthors(string message)
    {
        foreach (var line in message.Split('\n').Where(l => l.StartsWith(CoAuthor, StringComparison.OrdinalIgnoreCase)))
        {
            var (start, end) = (line.IndexOf('<', StringComparison.Ordinal), line.LastIndexOf('>'));
            if (start >= 0 && end > start)
                yield return line[(start + 1)..end];
        }
    }
}

/// <param name="Address">The author's, as the commit has it.</param>
public sealed record CommitText(string Commit, string Message, string Address = "");

/// <param name="Key">Fingerprint of the key that signed, where it could be told.</param>
public sealed record CommitSignature(SignatureState State, string? Key)
{
    public static readonly CommitSignature None = new(SignatureState.Unsigned, null);
}

[JsonConverter(typeof(KebabConverter<SignatureState>))]
public enum SignatureState
{
    Unsigned,

    /// <summary>By a key that this home trusts.</summary>
    Good,

    /// <summary>It fits the commit, and this home does not trust the key.</summary>
    Untrusted,

    /// <summary>It does not fit the commit.</summary>
    Bad,

    /// <summary>There is one of a kind that is not checked here, or no key to check it against.</summary>
    Unchecked,
}

/// <summary>From where a version came, as its <c>version-built</c> has it.</summary>
/// <param name="Requirements">What its commits link to, at most <see cref="MostNamed"/>.</param>
/// <param name="Unknown">Of these, what the requirements file does not have.</param>
/// <param name="Unlinked">Commits that link to none, at most <see cref="MostNamed"/>; null where the manifest does not
/// ask.</param>
/// <param name="Authors">Persons that wrote some of these commits, by the addresses in them; null where not all of them
/// can be told, and in logs from before.</param>
/// <param name="UnknownAuthors">Addresses in these commits that no person has; null where <paramref name="Authors"/>
/// is.</param>
/// <param name="ChangedConfiguration">mint.yaml and files of its configuration that are not as in the version that
/// serves; null in logs from before.</param>
public sealed record SourceSummary(
    SignatureState Signature,
    int Commits,
    IReadOnlyList<string> Requirements,
    IReadOnlyList<string> Unknown,
    IReadOnlyList<string>? Unlinked,
    IReadOnlyList<PersonName>? Authors = null,
    int? UnknownAuthors = null,
    IReadOnlyList<string>? ChangedConfiguration = null
)
{
    public const int MostNamed = 20;
    public const int MostAuthors = 100;
}
