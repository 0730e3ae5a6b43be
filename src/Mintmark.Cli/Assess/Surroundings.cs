using System.Text.RegularExpressions;

namespace Mintmark.Cli;

/// <summary>What is beside the code: how it is built, packed, tested and run today.</summary>
internal static partial class Surroundings
{
    private const int MostOfAKind = 20;

    private static readonly (string Kind, Regex Name)[] Kinds =
    [
        ("ci", Ci()),
        ("container", Container()),
        ("unit", Unit()),
        ("lock-file", LockFile()),
        ("owners", Owners()),
        ("test", Test()),
    ];

    public static List<Surrounding> Of(RepositoryFacts facts)
    {
        var found = new List<Surrounding>();
        foreach (var (kind, name) in Kinds)
        {
            var files = facts.Where(name).ToList();
            found.AddRange(files.Take(MostOfAKind).Select(f => new Surrounding(kind, f)));
            if (files.Count > MostOfAKind)
                found.Add(new(kind, $"and {files.Count - MostOfAKind} more"));
        }
        found.AddRange(ListeningProcesses.Of(facts.Folder).Select(p => new Surrounding("process", $"{p}")));
        return found;
    }

    public static bool HasTests(RepositoryFacts facts) => facts.Where(Test()).Any();

    public static bool HasLockFiles(RepositoryFacts facts) => facts.Where(LockFile()).Any();

    public static bool HasOwners(RepositoryFacts facts) => facts.Where(Owners()).Any();

    public static string? DeclaresPackages(RepositoryFacts facts) => facts.Where(Packages()).FirstOrDefault();

    public static IReadOnlyList<string> SettingsOf(RepositoryFacts facts) => [.. facts.Where(Settings()).Take(5)];

    [GeneratedRegex(
        @"^(\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.ya?ml|(.*/)?Jenkinsfile|azure-pipelines\.ya?ml"
            + @"|\.circleci/config\.ya?ml|bitbucket-pipelines\.ya?ml|\.travis\.ya?ml|\.drone\.ya?ml|\.teamcity/.+)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Ci();

    [GeneratedRegex(
        @"(^|/)((Docker|Container)file([.\-][^/]*)?|[^/]+\.Dockerfile|(docker-)?compose[^/]*\.ya?ml|Chart\.yaml)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Container();

    [GeneratedRegex(@"(^|/)[^/]+\.(service|timer|socket)$|(^|/)Procfile$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unit();

    [GeneratedRegex(
        @"(^|/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|packages\.lock\.json|poetry\.lock"
            + @"|Pipfile\.lock|uv\.lock|Cargo\.lock|go\.sum|gradle\.lockfile|Gemfile\.lock|composer\.lock)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex LockFile();

    [GeneratedRegex(@"^((\.github|\.gitlab|docs)/)?CODEOWNERS$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Owners();

    [GeneratedRegex(
        @"(^|/)(test_[^/]+\.py|[^/]+_test\.(py|go|rs|rb)|[^/]+\.(test|spec)\.(c|m)?[jt]sx?|[^/]*Tests?\.(cs|fs|java|kt)"
            + @"|When[^/]+\.cs|[^/]+Tests\.csproj)$|(^|/)src/test/.+|(^|/)(__)?tests?(__)?/.+\.(py|js|ts|cs|rs|rb|sh)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Test();

    [GeneratedRegex(
        @"(^|/)(package\.json|[^/]+\.(cs|fs)proj|pyproject\.toml|requirements[^/]*\.txt|Pipfile|Cargo\.toml|go\.mod"
            + @"|pom\.xml|build\.gradle(\.kts)?|Gemfile|composer\.json)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Packages();

    [GeneratedRegex(
        @"(^|/)(appsettings[^/]*\.json|application[^/]*\.(ya?ml|properties)|\.env(\.[^/]+)?"
            + @"|settings\.(py|toml|ya?ml|json))$"
            + @"|(^|/)(config|conf)/[^/]+\.(json|ya?ml|toml|ini|properties|xml)$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Settings();
}
