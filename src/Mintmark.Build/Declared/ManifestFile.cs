using System.Text;
using Mintmark.Releases;

namespace Mintmark.Build;

/// <summary>Reads <c>mint.yaml</c>; docs/mint-yaml.md describes each key.</summary>
public static class ManifestFile
{
    public const string Name = "mint.yaml";
    public const int LargestBytes = 64 * 1024;

    private const int MostFiles = 200;
    private const int MostSteps = 50;

    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false,
        throwOnInvalidBytes: true
    );

    /// <summary>The manifest of a commit, checked against the files of that commit.</summary>
    /// <exception cref="ManifestException">There is none, or with everything that is wrong with it.</exception>
    public static async Task<Manifest> ReadAsync(GitRepository repository, string commit, CancellationToken ct)
    {
        var files = await repository.FilesAsync(commit, ct);
        if (files.GetValueOrDefault(Name) is not { Kind: GitFileKind.File })
            throw Whole(Name, $"commit {commit[..12]} has none at its top: write one with 'mint init' and commit it");
        try
        {
            var bytes = await repository.ShowAsync(commit, Name, LargestBytes, ct);
            return Parse(
                Strict.GetString(bytes!),
                Name,
                path => files.GetValueOrDefault(path)?.Kind == GitFileKind.File
            );
        }
        catch (GitException large) when (large.Problem == GitProblem.TooLarge)
        {
            throw Whole(Name, $"larger than {LargestBytes} bytes");
        }
        catch (DecoderFallbackException)
        {
            throw Whole(Name, "not UTF-8");
        }
    }

    /// <exception cref="ManifestException">With everything that is wrong.</exception>
    public static Manifest Parse(string yaml, string fileName) => Parse(yaml, fileName, _ => true);

    /// <param name="existsAtCommit">Whether the commit has a file of this path.</param>
    /// <exception cref="ManifestException">With everything that is wrong, missing files among it.</exception>
    public static Manifest Parse(string yaml, string fileName, Func<string, bool> existsAtCommit)
    {
        if (Encoding.UTF8.GetByteCount(yaml) > LargestBytes)
            throw Whole(fileName, $"larger than {LargestBytes} bytes");
        var problems = new ProblemList(fileName);
        try
        {
            var root = YamlTree.Load(yaml.TrimStart('\uFEFF'));
            if (root is not YamlNode.Mapping mapping)
            {
                var found = root is null ? "nothing" : root.Describe();
                throw Whole(fileName, $"found {found}; accepted: a mapping that starts with name: and profile:");
            }
            var manifest = Read(
                new Section(problems, mapping, "", ManifestKeys.Root, ManifestKeys.In),
                problems,
                existsAtCommit
            );
            return problems.Found is { Count: > 0 } wrong ? throw new ManifestException(wrong) : manifest;
        }
        catch (YamlRefusedException wrong)
        {
            throw new ManifestException([new(fileName, wrong.Line, wrong.Column, "", wrong.Message)]);
        }
    }

    private static ManifestException Whole(string fileName, string message) =>
        new([new DeclaredProblem(fileName, 0, 0, "", message)]);

    private static Manifest Read(Section root, ProblemList problems, Func<string, bool> exists)
    {
        var name = root.Required("name", Fields.Name);
        var profile = root.Required("profile", Fields.Profile);
        var build = root.Required("build");
        var suites = root.Required("suites");
        var run = root.Required("run");
        var health = root.Required("health");
        return new Manifest(
            name,
            profile,
            new BuildPlan(
                build.Required("run", Fields.Command),
                build.Optional("timeout", Fields.Seconds(1, 86_400), 600),
                build.Optional("reproducible", Fields.Reproducible, false)
            ),
            Suite(suites.Required("smoke"), 120),
            Suite(suites.Required("full"), 600),
            new RunPlan(
                run.Required("command", Fields.Command),
                run.Optional("memory", Fields.Bytes(16L << 20, 1L << 40), 512L << 20),
                run.Optional("files", Fields.Count(64, 1 << 20), 1024),
                run.Find("protocol") is null ? null : run.Required("protocol", Fields.Protocol),
                run.Find("instances") is null ? null : run.Required("instances", Fields.Count(1, RunPlan.MostInstances))
            ),
            new HealthPlan(
                health.Required("path", Fields.UrlPath),
                health.Optional("within", Fields.Seconds(1, 3600), 30)
            ),
            root.Optional("invariants", Fields.UrlPath!, null),
            Configuration(root, problems, exists),
            RolloutReader.Read(root.Optional("rollout"), problems, RolloutDefaults.Of(profile), MostSteps, name),
            Signals(root, problems),
            root.Find("surge") is null ? null : SurgeReader.Read(root.Optional("surge"), problems),
            RequirementsReader.Read(root, problems, exists),
            TrafficReader.Timeouts(root),
            TrafficReader.OnHalt(root),
            ControlsReader.Database(root, problems),
            ControlsReader.Validation(root, problems, exists),
            ControlsReader.Secrets(root, problems),
            TrafficReader.Hosts(root, problems)
        );
    }

    private static List<string>? Signals(Section root, ProblemList problems)
    {
        var accepted = $"a list of at most {Indicators.MostSignals} names, such as [declined]";
        if (root.Items("signals", accepted) is not { } items)
            return null;
        if (items.Count > Indicators.MostSignals)
            problems.Add(items[Indicators.MostSignals].Node, "signals", $"found {items.Count}; accepted: {accepted}");
        var signals = new List<string>();
        foreach (var (node, path) in items)
        {
            var signal = problems.Read(node, path, Fields.Signal);
            if (signal is not null && signals.Contains(signal))
                problems.Add(node, path, $"'{signal}' is listed twice; accepted: each signal once");
            signals.Add(signal!);
        }
        return signals;
    }

    private static SuitePlan Suite(Section suite, int defaultSeconds) =>
        new(
            suite.Required("run", Fields.Command),
            suite.Required("results", Fields.RepositoryFile),
            suite.Optional("timeout", Fields.Seconds(1, 86_400), defaultSeconds)
        );

    private static List<string> Configuration(Section root, ProblemList problems, Func<string, bool> exists)
    {
        var accepted = $"a list of at most {MostFiles} files of the repository, such as [config/bank.json]";
        var items = root.Items("configuration", accepted) ?? [];
        if (items.Count > MostFiles)
            problems.Add(items[MostFiles].Node, "configuration", $"found {items.Count} files; accepted: {accepted}");
        var files = new List<string>();
        foreach (var (node, path) in items)
        {
            var file = problems.Read(node, path, Fields.RepositoryFile);
            if (file is null)
                continue;
            if (files.Contains(file))
                problems.Add(node, path, $"'{file}' is listed twice; accepted: each file once");
            else if (!exists(file))
                problems.Add(node, path, $"the commit has no file '{file}'; accepted: files that are committed");
            files.Add(file);
        }
        return files;
    }
}
