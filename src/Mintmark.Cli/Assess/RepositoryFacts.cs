using System.Text.RegularExpressions;
using Mintmark.Build;
using Mintmark.Evidence;
using Mintmark.Releases;
using Mintmark.Yaml;

namespace Mintmark.Cli;

/// <summary>What a repository holds, read and never changed.</summary>
/// <param name="Manifest">Null where there is none that can be read.</param>
/// <param name="ManifestProblems">Why it cannot be.</param>
/// <param name="Files">Paths that git tracks, at what is checked out.</param>
/// <param name="Unclean">Paths that differ from it.</param>
internal sealed record RepositoryFacts(
    string Folder,
    string Commit,
    Manifest? Manifest,
    IReadOnlyList<DeclaredProblem> ManifestProblems,
    IReadOnlyList<string> Files,
    IReadOnlyList<string> Unclean,
    CommitFacts Commits,
    SecretsSummary Secrets,
    IReadOnlyList<string> Components
)
{
    private const int MostCommits = 100;

    public static async Task<RepositoryFacts> ReadAsync(string folder, CancellationToken ct)
    {
        var repository = await GitRepository.OpenAsync(folder, ct);
        if (repository.IsBare)
            throw new StopException(Exit.BadInput, $"{repository.Folder} is bare", "name a repository with its files");
        var source = await repository.ResolveAsync(null, ct);
        var tracked = await repository.FilesAsync(source.Commit, ct);
        var tree = await repository.WorkTreeAsync(ct);
        var (manifest, problems) = await ManifestAsync(repository, source.Commit, ct);
        var files = tracked
            .Where(f => f.Value.Kind == GitFileKind.File)
            .Select(f => f.Key)
            .Order(StringComparer.Ordinal);
        var present = Present(repository.Folder, [.. files]);
        return new(
            repository.Folder,
            source.Commit,
            manifest,
            problems,
            [.. present.Select(f => f.Path)],
            [.. tree.Changed, .. tree.Untracked],
            CommitFacts.Of(await repository.NewestAsync(MostCommits, ct), manifest?.Requirements),
            Scan(present, manifest),
            ComponentsOf(present)
        );
    }

    public IEnumerable<string> Where(Regex name) => Files.Where(f => name.IsMatch(f));

    private static async Task<(Manifest?, IReadOnlyList<DeclaredProblem>)> ManifestAsync(
        GitRepository repository,
        string commit,
        CancellationToken ct
    )
    {
        try
        {
            return (await ManifestFile.ReadAsync(repository, commit, ct), []);
        }
        catch (ManifestException wrong)
        {
            return (null, wrong.Problems);
        }
    }

    /// <summary>Those that lie in the working tree; links lead elsewhere, and are not followed.</summary>
    private static List<BuiltFile> Present(string folder, IReadOnlyList<string> files) =>
        [
            .. from path in files
            let file = new FileInfo(Path.Combine(folder, path))
            where file is { Exists: true, LinkTarget: null }
            select new BuiltFile(path, file.FullName, file.Length),
        ];

    private static SecretsSummary Scan(IEnumerable<BuiltFile> files, Manifest? manifest)
    {
        var scan = new SecretScan();
        foreach (var file in files)
            scan.Read(file.Path, file.OnDisk);
        return scan.Summary(manifest?.Secrets?.Allow ?? []);
    }

    /// <summary>Package URLs from lock files, as far as these can be read.</summary>
    private static IReadOnlyList<string> ComponentsOf(IReadOnlyList<BuiltFile> files)
    {
        try
        {
            return [.. MaterialsFolder.Read(files).Purls];
        }
        catch (MaterialsException)
        {
            return [];
        }
    }
}

/// <summary>Of the newest commits.</summary>
/// <param name="Signed">Bear a signature; whose is not looked at.</param>
/// <param name="Authors">How many different ones.</param>
/// <param name="Linked">Name a requirement in their subject or a trailer.</param>
internal sealed partial record CommitFacts(int Count, int Signed, int Authors, int Linked)
{
    public static CommitFacts Of(IReadOnlyList<string> raw, RequirementsPlan? plan)
    {
        var id = new Regex(
            plan?.Pattern ?? RequirementsPlan.DefaultPattern,
            RegexOptions.NonBacktracking,
            TimeSpan.FromSeconds(1)
        );
        var (signed, linked) = (0, 0);
        var authors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var commit in raw)
        {
            var end = commit.IndexOf("\n\n", StringComparison.Ordinal);
            var (head, message) = end < 0 ? (commit, "") : (commit[..end], commit[end..]);
            signed += head.Contains("\ngpgsig", StringComparison.Ordinal) ? 1 : 0;
            linked += id.IsMatch(message) ? 1 : 0;
            if (Author().Match(head) is { Success: true } author)
                authors.Add(author.Groups["address"].Value);
        }
        return new(raw.Count, signed, authors.Count, linked);
    }

    [GeneratedRegex(
        "^author [^<\n]*<(?<address>[^>\n]*)>",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Author();
}
